# SPDX-License-Identifier: BSL-1.0
"""The README's plugin builds as it says there, is loaded by the host and answers."""

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


def only_block(language):
    blocks = pages.fenced(pages.TREE / "README.md", language)
    if len(blocks) != 1:
        raise AssertionError(f"the README has {len(blocks)} blocks of {language}, not one")
    return blocks[0]


class FirstPlugin(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        os.umask(0o022)  # the host refuses plugins that others may write
        folder = tempfile.TemporaryDirectory(prefix="first-plugin-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        (cls.folder / "hello.cpp").write_text(only_block("cpp"))
        (cls.folder / "CMakeLists.txt").write_text(only_block("cmake"))
        run("cmake", "-S", folder.name, "-B", f"{folder.name}/build",
            "-D", f"CMAKE_PREFIX_PATH={BUILD}", "-D", "CMAKE_FIND_USE_PACKAGE_REGISTRY=OFF")
        run("cmake", "--build", f"{folder.name}/build")

    def test_exports_one_object(self):
        names = run("nm", "-D", "--defined-only", f"{self.folder}/build/hello.so").split("\n")
        self.assertEqual([name.split()[-1] for name in names if name], ["mortise_plugin"])

    def test_answers(self):
        log = self.folder / "log"
        with open(log, "w", encoding="utf-8") as errors:
            host = subprocess.Popen([BUILD / "bin/mortise", "run", "--listen", "127.0.0.1:0",
                                     "--plugins", self.folder / "build"],
                                    stdout=subprocess.PIPE, stderr=errors, text=True)
        try:
            started = host.stdout.readline()
            self.assertTrue(started.startswith("Server started at "), log.read_text())
            with urllib.request.urlopen(started.split()[-1] + "hello/Ada") as answer:
                self.assertEqual(answer.read(), b"Hello, Ada!\n")
        finally:
            host.terminate()
            host.communicate()
        self.assertEqual(host.returncode, 0, log.read_text())


if __name__ == "__main__":
    unittest.main()
