# SPDX-License-Identifier: BSL-1.0
"""piuparts installs, upgrades and purges the packages, and compares the system before and after."""

import subprocess
import tempfile
import unittest

import machines


class Piuparts(unittest.TestCase):
    def test_finds_nothing_left(self):
        files = machines.package_files()
        with tempfile.TemporaryDirectory(prefix="mortise-piuparts-") as folder:
            packed = f"{folder}/bookworm.tar.gz"
            with open(packed, "wb") as to:
                subprocess.run(["gzip", "-1", "--stdout", machines.base()], stdout=to, check=True)
            told = machines.run("piuparts", f"--basetgz={packed}", "--distribution=bookworm",
                                "--no-eatmydata", f"--tmpdir={folder}", "--warn-on-leftovers-after-purge",
                                files["mortise"], files["mortise-dev"], check=False)
        self.assertIn("PASS: All tests.", told, told[-8000:])
        self.assertNotRegex(told, "(?m)(WARN|ERROR|FAIL): ", told)


if __name__ == "__main__":
    unittest.main()
