# SPDX-License-Identifier: BSL-1.0
"""The packages' own tests, by autopkgtest on a machine of their own."""

import shutil
import unittest

import machines


class Autopkgtest(unittest.TestCase):
    def test_passes(self):
        machine = machines.Machine(self)
        machine.install("autopkgtest", "iproute2")
        folder = machine.root / "srv/packages"
        folder.mkdir()
        files = [machines.package_files()[name] for name in ("mortise", "mortise-dev")]
        for file in (*files, *machines.PACKAGES.glob("mortise_*.dsc"),
                     *machines.PACKAGES.glob("mortise_*.tar.xz")):
            shutil.copy(file, folder)
        before = machines.package_files(machines.PACKAGES / "before")["mortise"]
        shutil.copy(before, machine.root / "srv/before.deb")
        given = [f"/srv/packages/{file.name}" for pattern in ("*.deb", "*.dsc")
                 for file in sorted(folder.glob(pattern))]
        told = machine.run("autopkgtest", "--env=MORTISE_BEFORE=/srv/before.deb",
                           *given, "--", "null", network=True, check=False)
        print(told[-3000:])
        for name in ("smoke", "build-plugin", "upgrade-keeps-serving"):
            self.assertRegex(told, rf"(?m)^{name} +PASS$", told)


if __name__ == "__main__":
    unittest.main()
