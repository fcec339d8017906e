# SPDX-License-Identifier: BSL-1.0
"""The plugins of the README and of the guide build as they say there, are loaded and answer."""

import os
import pathlib
import subprocess
import tempfile
import unittest
import urllib.request

import pages

BUILD = pathlib.Path(os.environ["MORTISE_BUILD"])


def run(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(command)}:\n{done.stdout}")
    return done.stdout


class PagesPlugin:
    """The first blocks of a page, built."""

    page: str
    name: str

    @classmethod
    def setUpClass(cls):
        os.umask(0o022)  # the host refuses plugins that others may write
        folder = tempfile.TemporaryDirectory(prefix="pages-plugin-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        for file, language in ((f"{cls.name}.cpp", "cpp"), ("CMakeLists.txt", "cmake")):
            (cls.folder / file).write_text(pages.fenced(pages.TREE / cls.page, language)[0])
        run("cmake", "-S", folder.name, "-B", f"{folder.name}/build",
            "-D", f"CMAKE_PREFIX_PATH={BUILD}", "-D", "CMAKE_FIND_USE_PACKAGE_REGISTRY=OFF")
        run("cmake", "--build", f"{folder.name}/build")

    def test_exports_one_object(self):
        names = run("nm", "-D", "--defined-only", f"{self.folder}/build/{self.name}.so").split("\n")
        self.assertEqual([name.split()[-1] for name in names if name], ["mortise_plugin"])

    def serve(self, path, *options):
        """What the host answers that serves the plugin."""
        log = self.folder / "log"
        with open(log, "w", encoding="utf-8") as errors:
            host = subprocess.Popen([BUILD / "bin/mortise", "run", "--listen", "127.0.0.1:0",
                                     "--plugins", self.folder / "build", *options],
                                    stdout=subprocess.PIPE, stderr=errors, text=True)
        try:
            started = host.stdout.readline()
            self.assertTrue(started.startswith("Server started at "), log.read_text())
            with urllib.request.urlopen(started.split()[-1] + path) as answer:
                return answer.read()
        finally:
            host.terminate()
            host.communicate()
            self.assertEqual(host.returncode, 0, log.read_text())


class Readme(PagesPlugin, unittest.TestCase):
    page = "README.md"
    name = "hello"

    def test_answers(self):
        self.assertEqual(self.serve("hello/Ada"), b"Hello, Ada!\n")


class Guide(PagesPlugin, unittest.TestCase):
    page = "docs/plugin-guide.md"
    name = "prices"

    def test_answers(self):
        self.assertEqual(self.serve("prices/pear", "--set", "prices.currency=GBP"),
                         b"55 cents GBP\n")


if __name__ == "__main__":
    unittest.main()
