# SPDX-License-Identifier: BSL-1.0
"""docs/configuration.md is what the program says of its keys, and `mortise run --help` has the same
options with the same defaults."""

import os
import pathlib
import re
import subprocess
import unittest

import pages

PROGRAM = pathlib.Path(os.environ["MORTISE_BUILD"]) / "bin/mortise"
PAGE = pages.TREE / "docs/configuration.md"


def helped():
    """Option to default by the help text; a default stands in parentheses."""
    text = subprocess.run([PROGRAM, "run", "--help"], stdout=subprocess.PIPE, text=True,
                          check=True).stdout
    options = {}
    for name, about in re.findall(r"^  (--[\w-]+)(.*?)(?=^  -|\Z)", text,
                                  flags=re.DOTALL | re.MULTILINE):
        default = re.search(r"\(([^)]*)\)", about)
        options[name] = default[1] if default else None
    return options


def documented():
    options = {}
    for cells in pages.table_rows(PAGE):
        name = re.match(r"`(--[\w-]+)[^`]*`$", cells[1])
        if name:
            options[name[1]] = cells[2].strip("`")
    return options


BESIDE_KEYS = {"--config", "--listen", "--set", "--limit"}  # the page's text tells of these


class Page(unittest.TestCase):
    def test_is_what_the_program_says(self):
        said = subprocess.run([PROGRAM, "config", "reference"], stdout=subprocess.PIPE, text=True,
                              check=True).stdout
        self.assertEqual(PAGE.read_text(), said)

    def test_is_a_manual_without_a_complaint(self):
        manual = subprocess.run([PROGRAM, "config", "reference", "--man"], stdout=subprocess.PIPE,
                                check=True).stdout
        done = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-"],
                              input=manual, capture_output=True, check=True,
                              env={**os.environ, "LC_ALL": "C.UTF-8"})
        self.assertEqual(done.stderr, b"")
        self.assertIn(b"pool_threads", re.sub(b".\x08", b"", done.stdout))


class Options(unittest.TestCase):
    def test_stand_in_the_page(self):
        self.assertEqual(sorted({*documented(), *BESIDE_KEYS}), sorted(helped()))
        for name in BESIDE_KEYS:
            self.assertIn(f"`mortise run {name}" if name == "--config" else f"`{name} ",
                          PAGE.read_text())

    def test_have_the_same_defaults(self):
        page = documented()
        for name, default in helped().items():
            if default is not None and name not in BESIDE_KEYS:
                with self.subTest(name):
                    self.assertEqual(page.get(name), default)


if __name__ == "__main__":
    unittest.main()
