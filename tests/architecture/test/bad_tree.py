# SPDX-License-Identifier: BSL-1.0
"""Small trees that break a rule, and the lines in which a check says so."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

CHECKS = pathlib.Path(__file__).resolve().parent.parent


class TreeTest(unittest.TestCase):
    """A test that writes a tree and runs one check over it; `check` is the check's file."""
    check = ""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)

    def write(self, path, text):
        whole = self.root / path
        whole.parent.mkdir(parents=True, exist_ok=True)
        whole.write_text(text, encoding="utf-8")

    def found(self):
        """The lines that the check prints; it fails where there are any, and only there."""
        done = subprocess.run([sys.executable, "-B", CHECKS / self.check, self.root],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.stderr, "")
        self.assertEqual(done.returncode, 1 if done.stdout else 0)
        return done.stdout.splitlines()

    def assert_sound(self):
        self.assertEqual(self.found(), [])

    def assert_found(self, place, rule):
        """One line, which begins with the place and states the rule."""
        lines = self.found()
        self.assertEqual(len(lines), 1, lines)
        self.assertTrue(lines[0].startswith(f"{place}: "), lines)
        self.assertIn(rule, lines[0])
