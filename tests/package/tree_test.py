# SPDX-License-Identifier: BSL-1.0
"""What is installed serves and builds plugins from any folder, and packages say what the tree says."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest
import urllib.request

BUILD = pathlib.Path(os.environ["MORTISE_BUILD"])
TREE = pathlib.Path(__file__).resolve().parents[2]
DEBIAN = TREE / "packaging/debian"


def run(*words):
    done = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, words))}:\n{done.stdout}")
    return done.stdout


class Packages(unittest.TestCase):
    def test_have_the_version_of_the_tree(self):
        project = re.search(r"^project\(mortise VERSION ([\d.]+) ",
                            (TREE / "CMakeLists.txt").read_text(), flags=re.MULTILINE).group(1)
        newest = re.match(r"mortise \(([\d.]+)\) ", (DEBIAN / "changelog").read_text()).group(1)
        self.assertEqual(newest, project)

    def test_need_what_dev_installs(self):
        wanted = re.search(r"^Build-Depends:\n((?: .*\n)+)", (DEBIAN / "control").read_text(),
                           flags=re.MULTILINE).group(1)
        names = set(re.findall(r"^ ([\w.+-]+)", wanted, flags=re.MULTILINE))
        dev = re.findall(r"^(build|package)_packages=\(([^)]*)\)", (TREE / "dev").read_text(),
                         flags=re.MULTILINE)
        installed = {name for _, names in dev for name in names.split()}
        provided = {"debhelper-compat", "dh-sequence-installsysusers"}  # by debhelper
        self.assertIn("debhelper", installed)
        self.assertEqual(names - provided - installed, set())


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        os.umask(0o022)  # the host refuses plugins that others may write
        folder = tempfile.TemporaryDirectory(prefix="mortise installed-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.prefix = cls.folder / "some where"
        for component in ("host", "sdk"):
            run("cmake", "--install", BUILD, "--prefix", cls.prefix, "--component", component)
        cls.program = cls.prefix / "bin/mortise"

    def assert_answers(self, path, content, *options):
        host = subprocess.Popen([self.program, "run", "--listen", "127.0.0.1:0", *options],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            started = host.stdout.readline()
            if started:
                with urllib.request.urlopen(started.split()[-1] + path) as answer:
                    self.assertEqual(answer.read(), content)
        finally:
            host.terminate()
            _, errors = host.communicate()
        self.assertEqual(host.returncode, 0, errors)

    def test_is_configured_to_serve_from_where_it_lies(self):
        file = self.prefix / "etc/mortise/mortise.toml"
        self.assertEqual(run(self.program, "check", "--config", file),
                         "the configuration is sound\n")
        self.assert_answers("Ada", b"Hello, Ada!\n", "--config", file)

    def test_builds_plugins_from_where_it_lies(self):
        build = self.folder / "build"
        run("cmake", "-S", TREE / "examples/hello", "-B", build,
            "-D", f"CMAKE_PREFIX_PATH={self.prefix}", "-D", "CMAKE_FIND_USE_PACKAGE_REGISTRY=OFF")
        run("cmake", "--build", build)
        self.assertIn(f"mortise-sdk_DIR:PATH={self.prefix}/", (build / "CMakeCache.txt").read_text())
        self.assert_answers("Ada", b"Hello, Ada!\n", "--plugins", build)

    def test_tells_builds_without_cmake_where_it_lies(self):
        file = next(self.prefix.glob("lib*/**/mortise-sdk.pc"))

        def asked(variable):
            return pathlib.Path(run("env", f"PKG_CONFIG_PATH={file.parent}", "pkg-config",
                                    f"--variable={variable}", "mortise-sdk").strip()
                                .replace("\\ ", " ")).resolve()

        self.assertTrue((asked("includedir") / "mortise/sdk.hpp").exists())
        self.assertTrue((asked("plugindir") / "greeting.so").exists())

    def test_has_manual_pages_without_a_complaint(self):
        pages = sorted((self.prefix / "share/man").glob("man?/*"))
        self.assertEqual([page.name for page in pages],
                         ["mortise.1", "mortise.toml.5", "mortise-plugin.7"])
        for page in pages:
            with self.subTest(page.name):
                done = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", page],
                                      capture_output=True, check=True,
                                      env={**os.environ, "LC_ALL": "C.UTF-8"})
                self.assertEqual(done.stderr, b"")

    def test_has_the_plugin_of_the_manual_as_the_readme_has_it(self):
        page = (self.prefix / "share/man/man7/mortise-plugin.7").read_text()
        readme = (TREE / "README.md").read_text()
        for language in ("cpp", "cmake"):
            block = re.search(rf"^```{language}\n(.*?)^```$", readme,
                              flags=re.DOTALL | re.MULTILINE).group(1)
            self.assertIn(block, page.replace("\\-", "-").replace("\\e", "\\"))


if __name__ == "__main__":
    unittest.main()
