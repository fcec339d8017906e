# SPDX-License-Identifier: BSL-1.0
"""docs/configuration.md and `mortise run --help` name the same options with the same defaults."""

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
        name = re.match(r"`(--[\w-]+)[^`]*`$", cells[0])
        if name:
            options[name[1]] = cells[1].strip("`")
    return options


class Options(unittest.TestCase):
    def test_stand_in_the_page(self):
        self.assertEqual(sorted(documented()), sorted(helped()))

    def test_have_the_same_defaults(self):
        page = documented()
        for name, default in helped().items():
            if default is not None:
                with self.subTest(name):
                    self.assertEqual(page.get(name), default)


if __name__ == "__main__":
    unittest.main()
