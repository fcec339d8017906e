# SPDX-License-Identifier: BSL-1.0
"""Packages that were built in another folder have the same bytes."""

import hashlib
import unittest

import machines


def digest(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()


class Reproducible(unittest.TestCase):
    def test_has_the_same_bytes_from_another_folder(self):
        again = machines.package_files(machines.PACKAGES / "again")
        for name, file in machines.package_files().items():
            print(digest(file), file.name)
            with self.subTest(name):
                if digest(file) != digest(again[name]):
                    self.fail(machines.run("diffoscope", "--max-report-size", "20000", file,
                                           again[name], check=False))


if __name__ == "__main__":
    unittest.main()
