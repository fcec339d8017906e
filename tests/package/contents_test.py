# SPDX-License-Identifier: BSL-1.0
"""What Debian's packages hold, and what lintian says of them."""

import pathlib
import re
import tempfile
import unittest

import machines

TRIPLET = machines.run("dpkg-architecture", "-qDEB_HOST_MULTIARCH").strip()
PLUGINS = f"/usr/lib/{TRIPLET}/mortise/plugins"


def listing(file):
    """Path to mode and owner."""
    found = {}
    for line in machines.run("dpkg-deb", "--contents", file).splitlines():
        mode, owner, _, _, _, path = line.split(None, 5)
        found[path.partition(" -> ")[0].removeprefix(".").rstrip("/") or "/"] = (mode, owner)
    return found


def field(file, name):
    return machines.run("dpkg-deb", "--field", file, name).strip()


class Contents(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.files = machines.package_files()
        cls.host = listing(cls.files["mortise"])
        cls.sdk = listing(cls.files["mortise-dev"])
        folder = tempfile.TemporaryDirectory(prefix="mortise-package-")
        cls.addClassCleanup(folder.cleanup)
        cls.root = pathlib.Path(folder.name)
        machines.run("dpkg-deb", "--extract", cls.files["mortise"], cls.root)

    def test_lie_where_a_system_has_them(self):
        for path in ("/usr/bin/mortise", f"{PLUGINS}/greeting.so",
                     f"/usr/lib/{TRIPLET}/mortise/workbench.so", "/etc/mortise/mortise.toml",
                     "/etc/mortise/plugins.d/greeting.toml", "/etc/mortise/conf.d",
                     "/lib/systemd/system/mortise.service", "/lib/systemd/system/mortise.socket",
                     "/usr/lib/sysusers.d/mortise.conf", "/usr/lib/tmpfiles.d/mortise.conf",
                     "/etc/logrotate.d/mortise", "/usr/share/man/man1/mortise.1.gz",
                     "/usr/share/man/man5/mortise.toml.5.gz",
                     "/usr/share/bash-completion/completions/mortise",
                     "/usr/share/zsh/vendor-completions/_mortise"):
            self.assertIn(path, self.host)
        for path in ("/usr/include/mortise/sdk.hpp", "/usr/include/mortise/abi/plugin.h",
                     f"/usr/lib/{TRIPLET}/cmake/mortise-sdk/mortise-sdk-config.cmake",
                     f"/usr/lib/{TRIPLET}/cmake/mortise-sdk/mortise_add_plugin.cmake",
                     f"/usr/lib/{TRIPLET}/pkgconfig/mortise-sdk.pc",
                     "/usr/share/man/man7/mortise-plugin.7.gz",
                     "/usr/share/mortise/templates/handler/CMakeLists.txt",
                     "/usr/share/mortise/templates/handler/dot-gitignore"):
            self.assertIn(path, self.sdk)
        self.assertIn("mortise-dbgsym", self.files)

    def test_hold_the_pages_and_the_examples_as_git_has_them(self):
        for listed, folder in ((self.host, "/usr/share/doc/mortise/docs"),
                               (self.sdk, "/usr/share/doc/mortise-dev/examples")):
            above, _, name = folder.rpartition("/")
            known = machines.run("git", "-C", machines.TREE, "ls-files", name).split()
            self.assertEqual({path for path, (mode, _) in listed.items()
                              if path.startswith(folder) and mode[0] == "-"},
                             {f"{above}/{file}" for file in known})

    def test_belong_to_root_and_are_written_by_nobody_else(self):
        for listed in (self.host, self.sdk):
            for path, (mode, owner) in listed.items():
                with self.subTest(path):
                    self.assertEqual(owner, "root/root")
                    self.assertTrue(mode[0] == "l" or mode[5] == mode[8] == "-")
        self.assertEqual(self.host[f"{PLUGINS}/greeting.so"][0], "-rw-r--r--")
        self.assertEqual(self.host["/usr/bin/mortise"][0], "-rwxr-xr-x")

    def test_keep_what_an_operator_has_changed(self):
        listed = machines.run("dpkg-deb", "--info", self.files["mortise"], "conffiles").split()
        self.assertEqual(sorted(listed), sorted(path for path, (mode, _) in self.host.items()
                                                if path.startswith("/etc/") and mode[0] == "-"))
        self.assertIn("/etc/mortise/mortise.toml", listed)

    def test_name_no_folder_of_the_build(self):
        for path in ("usr/bin/mortise", f"{PLUGINS}/greeting.so".lstrip("/")):
            dynamic = machines.run("readelf", "--dynamic", self.root / path)
            self.assertNotRegex(dynamic, "RPATH|RUNPATH")
            self.assertNotIn(str(machines.PACKAGES).encode(), (self.root / path).read_bytes())

    def test_say_what_they_need_and_give(self):
        header = (machines.TREE / "sdk/include/mortise/abi/types.h").read_text()
        major, minor = (int(part, 16) for part in re.search(
            r"MORTISE_ABI_VERSION UINT32_C\(0x(\w{4})(\w{4})\)", header).groups())
        border = f"mortise-abi-{major}" if major > 0 else f"mortise-abi-0.{minor}"
        self.assertEqual(field(self.files["mortise"], "Provides"), f"httpd, {border}")
        self.assertNotIn("boost", field(self.files["mortise"], "Depends"))
        version = field(self.files["mortise"], "Version")
        self.assertIn(f"mortise (= {version})", field(self.files["mortise-dev"], "Depends"))

    def test_are_without_a_fault_for_lintian(self):
        changes = next(machines.PACKAGES.glob("*.changes"))
        told = machines.run("lintian", "--allow-root", "--fail-on", "error,warning", "--info",
                            "--display-level", ">=warning", changes)
        self.assertEqual(told, "")


if __name__ == "__main__":
    unittest.main()
