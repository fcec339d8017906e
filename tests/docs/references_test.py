# SPDX-License-Identifier: BSL-1.0
"""Files, functions, links and decisions that pages and sources name are there."""

import re
import unittest

import pages

FOLDERS = ("core", "sdk", "plugins", "examples", "tests", "docs", "packaging")
PATH = rf"(?:{'|'.join(FOLDERS)})(?:/[\w.+-]+)*"
FILE = rf"(?:{'|'.join(FOLDERS)})/[\w./+-]+\.\w+"


class Page(unittest.TestCase):
    def test_names_files_that_exist(self):
        for page in pages.all_pages():
            for path in re.findall(rf"`({PATH})/?`", pages.prose(page)):
                with self.subTest(page=page.name, path=path):
                    self.assertTrue((pages.TREE / path).exists())

    # `core/x/y.cpp` · `name`, `name`  and  `core/x/y.cpp`, `name`
    def test_names_functions_of_those_files(self):
        named = 0
        for page in pages.all_pages():
            for path, names in re.findall(rf"`({FILE})`(?:\s*·|,)\s+(`\w+`(?:,\s+`\w+`)*)",
                                          pages.prose(page)):
                known = set(re.findall(r"\w+", (pages.TREE / path).read_text()))
                for name in re.findall(r"\w+", names):
                    named += 1
                    with self.subTest(page=page.name, path=path, name=name):
                        self.assertTrue(name in known)
        self.assertGreater(named, 50, "the pages name functions in another form now")

    def test_links_to_what_is_there(self):
        for page in pages.all_pages():
            for target in re.findall(r"\]\(([^)\s]+)\)", pages.prose(page)):
                if re.match(r"https?://", target):
                    continue
                path, _, anchor = target.partition("#")
                aim = (page.parent / path).resolve() if path else page
                with self.subTest(page=page.name, target=target):
                    self.assertTrue(aim.exists())
                    if anchor:
                        self.assertIn(anchor, list(pages.anchors(aim)))


class Source(unittest.TestCase):
    def test_refers_to_pages_that_exist(self):
        for folder in FOLDERS:
            for source in (pages.TREE / folder).rglob("*"):
                if source.suffix not in (".cpp", ".hpp", ".c", ".h", ".py", ".txt", ".cmake"):
                    continue
                for path in re.findall(r"\bdocs/[\w/-]+\.md\b", source.read_text()):
                    with self.subTest(source=source.name, path=path):
                        self.assertTrue((pages.TREE / path).exists())


class Log(unittest.TestCase):
    LINE = re.compile(r'\blog\(\s*(?:observe::)?level::(\w+),\s*"([^"]+)"')

    LEVELS = {"error", "warning", "info", "debug"}

    def lines(self):
        """Level and line, up to where it may be shortened."""
        for source in (pages.TREE / "core").rglob("*.[ch]pp"):
            for level, line in self.LINE.findall(source.read_text()):
                yield level, re.split(r"[,:;\\]", line)[0].strip()

    def test_has_each_line_explained(self):
        explained = " ".join(" ".join(page.read_text().split())
                             for page in (pages.TREE / "docs").glob("*.md"))
        lines = list(self.lines())
        for _, line in lines:
            with self.subTest(line):
                self.assertTrue(line in explained)
        self.assertGreater(len(lines), 30, "lines are written in another form now")

    def test_has_each_line_at_its_level(self):
        levels = {}
        for level, line in self.lines():
            levels.setdefault(line, set()).add(level)
        rows = 0
        for page in (pages.TREE / "docs").glob("*.md"):
            for told, level, *_ in (row for row in pages.table_rows(page) if len(row) > 2):
                for line in re.findall(r"`([^`]+)`", told) if level in self.LEVELS else ():
                    known = [each for text, each in levels.items() if line.startswith(text)]
                    rows += bool(known)
                    with self.subTest(page=page.name, line=line):
                        self.assertTrue(not known or any(level in each for each in known))
        self.assertGreater(rows, 20, "rows are written in another form now")


class Glossary(unittest.TestCase):
    def test_has_each_word_in_italics(self):
        text = pages.prose(pages.TREE / "docs/request.md")
        words = re.findall(r"(?<!\*)\*(\w[\w ]*)\*(?!\*)", text)
        entries = [cells[0] for cells in pages.table_rows(pages.TREE / "docs/glossary.md")]
        self.assertIn("exchange", words)
        for word in words:
            with self.subTest(word):
                self.assertTrue(any(f"**{word}**" in entry for entry in entries))


class Decisions(unittest.TestCase):
    def test_stand_in_their_list(self):
        folder = pages.TREE / "docs/decisions"
        listed = re.findall(r"\((\d{4}-[\w-]+\.md)\)", (folder / "README.md").read_text())
        self.assertEqual(listed, sorted(page.name for page in folder.glob("[0-9]*.md")))


if __name__ == "__main__":
    unittest.main()
