# SPDX-License-Identifier: BSL-1.0
"""A source tree as the structure tests read it: its files, their includes, what breaks a rule."""

import argparse
import dataclasses
import pathlib
import re
import sys

FOLDERS = ("core", "sdk", "plugins", "examples", "tests")
CPP_SUFFIXES = {".c", ".cpp", ".h", ".hpp"}
SUFFIXES = CPP_SUFFIXES | {".cmake", ".py", ".sh", ".txt"}

# What may hold a quote, a brace or "//" without meaning it. A number's ' is no quote.
LEXEME = re.compile(
    r"""(?P<number>\b\d(?:[\w.]|'(?=\w))*)
      | (?P<comment>//(?:\\\n|[^\n])*|/\*.*?\*/)
      | (?P<raw>R"(?P<fence>[^()\\\s]{0,16})\(.*?\)(?P=fence)")
      | (?P<text>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')""",
    re.DOTALL | re.VERBOSE)
INCLUDE = re.compile(r"""^[ \t]*\#[ \t]*include[ \t]*(?P<open>[<"])(?P<header>[^>"\n]+)[>"]""",
                     re.MULTILINE | re.VERBOSE)


@dataclasses.dataclass(frozen=True, order=True)
class Fault:
    """One place that breaks a rule; `path` is relative to the tree's root; 0 is no line."""
    path: str
    line: int
    rule: str

    def __str__(self):
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.rule}"


@dataclasses.dataclass(frozen=True)
class Include:
    """One #include of `path`."""
    path: str
    line: int
    header: str
    is_quoted: bool

    def fault(self, rule):
        return Fault(self.path, self.line, rule)


def files(root, suffixes, folders=FOLDERS):
    """The files below the folders, as paths relative to the root."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in suffixes and path.is_file():
                yield path.relative_to(root)


def read(root, path):
    return (root / path).read_text(encoding="utf-8")


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def spaces(found):
    return re.sub(r"[^\n]", " ", found[0])


def blank(text, kinds):
    """`text` with lexemes of these kinds replaced by spaces; every line stays where it is."""
    def replace(found):
        return spaces(found) if found.lastgroup in kinds else found[0]
    return LEXEME.sub(replace, text)


def includes(root, folders=FOLDERS):
    """Every #include of the C and C++ files below the folders."""
    for path in files(root, CPP_SUFFIXES, folders):
        text = blank(read(root, path), {"comment", "raw"})
        for found in INCLUDE.finditer(text):
            yield Include(str(path), line_of(text, found.start("open")), found["header"],
                          found["open"] == '"')


def run(description, check):
    """The program of a check: prints the faults of the tree that it is given; 1 if there is one."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("root", type=pathlib.Path, help="the tree to judge")
    faults = sorted(check(parser.parse_args().root.resolve()))
    for fault in faults:
        print(fault)
    sys.exit(1 if faults else 0)
