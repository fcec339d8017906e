# SPDX-License-Identifier: BSL-1.0
"""The archive, unpacked somewhere on a Debian that has nothing else, serves and builds plugins."""

import pathlib
import re
import shlex
import tempfile
import unittest

import guests
import machines

ARCHIVE = next(machines.PACKAGES.glob("mortise-*-linux-*.tar.gz"), None)


class Archive(unittest.TestCase):
    def test_serves_where_no_library_is_installed(self):
        machine = machines.Machine(self)
        machines.run("tar", "--extract", "--file", ARCHIVE, "--directory", machine.root / "srv")
        folder = f"/srv/{ARCHIVE.name.removesuffix('.tar.gz')}"
        host = guests.Host(self, machine, f"{folder}/bin/mortise", "run", "--config",
                           f"{folder}/etc/mortise/mortise.toml")
        self.assertEqual(host.url, "http://localhost:8080/")
        self.assertEqual(host.get("/Ada"), "Hello, Ada!\n")
        host.stop()

    def test_needs_the_c_library_alone(self):
        with tempfile.TemporaryDirectory(prefix="mortise-archive-") as folder:
            machines.run("tar", "--extract", "--file", ARCHIVE, "--directory", folder)
            programs = [*pathlib.Path(folder).glob("*/bin/mortise"),
                        *pathlib.Path(folder).glob("*/lib/mortise/plugins/greeting.so")]
            self.assertEqual(len(programs), 2)
            for program in programs:
                needed = re.findall(r"Shared library: \[(.*?)\]",
                                    machines.run("readelf", "--dynamic", program))
                self.assertEqual([name for name in needed
                                  if not re.match(r"(libc|libm|ld-linux.*)\.so", name)], [])

    def test_builds_a_plugin_from_where_it_lies(self):
        with tempfile.TemporaryDirectory(prefix="mortise archive-") as folder:
            machines.run("tar", "--extract", "--file", ARCHIVE, "--directory", folder)
            prefix = next(pathlib.Path(folder).iterdir())
            self.assertTrue((prefix / "share/doc/mortise/docs/install.md").exists())
            project = prefix / "share/doc/mortise-dev/examples/hello"
            machines.run("cmake", "-S", project, "-B", f"{folder}/build",
                         "-D", f"CMAKE_PREFIX_PATH={prefix}")
            machines.run("cmake", "--build", f"{folder}/build")
            found = machines.run("grep", "mortise-sdk_DIR", f"{folder}/build/CMakeCache.txt")
            self.assertIn(str(prefix), found)
            told = machines.run(prefix / "bin/mortise", "plugin", "check", f"{folder}/build/hello.so")
            self.assertIn("ok  conformance: ", told)
            for wanted, value in (("--cflags", f"-I{prefix}/include"),
                                  ("--variable=plugindir", f"{prefix}/lib/mortise/plugins")):
                answer = machines.run("env", f"PKG_CONFIG_PATH={prefix}/lib/pkgconfig", "pkg-config",
                                      wanted, "mortise-sdk").replace("/lib/pkgconfig/../..", "")
                self.assertEqual(shlex.split(answer), [value])  # pkgconf escapes the blank


if __name__ == "__main__":
    unittest.main()
