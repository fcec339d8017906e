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


def helped(command="run"):
    """Option to default by the help text; a default stands in parentheses."""
    text = subprocess.run([PROGRAM, command, "--help"], stdout=subprocess.PIPE, text=True,
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


class Guide(unittest.TestCase):
    """docs/plugin-guide.md has the options of the commands for who writes plugins."""

    GUIDE = pages.TREE / "docs/plugin-guide.md"
    OF_OPERATORS = {"--config", "--plugins", "--no-watch", "--control", "--limit"}

    def documented(self, heading):
        """The first option of each row of the section's table."""
        section = re.search(rf"^## {heading}\n(.*?)^## ", self.GUIDE.read_text(),
                            flags=re.DOTALL | re.MULTILINE)[1]
        return set(re.findall(r"^\| `(--[\w-]+)", section, flags=re.MULTILINE))

    def test_has_those_of_new(self):
        self.assertEqual(self.documented("A project by one command"), set(helped("new")))

    def test_has_those_of_sdk(self):
        self.assertEqual(self.documented("Where the SDK is"), set(helped("sdk")))

    def test_has_those_of_dev(self):
        own = set(helped("dev")) - set(helped("run"))
        self.assertEqual(self.documented("While you write: `mortise dev`"), own | {"--set"})
        self.assertEqual(set(helped("run")) - set(helped("dev")), self.OF_OPERATORS)


if __name__ == "__main__":
    unittest.main()
