# SPDX-License-Identifier: BSL-1.0
"""The pages of the documentation: their prose, their blocks, and what is typed in these."""

import dataclasses
import pathlib
import re

TREE = pathlib.Path(__file__).resolve().parents[2]
INDENTED = "    "


def all_pages():
    return [TREE / "README.md", TREE / "CHANGELOG.md", *sorted((TREE / "docs").rglob("*.md")),
            *sorted((TREE / "examples").rglob("*.md"))]


def prose(page):
    """The page without code blocks: what stands there is said about this tree."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)
    return "\n".join(line for line in text.split("\n") if not line.startswith(INDENTED))


def fenced(page, language):
    """The blocks between ```language and ```."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text(),
                      flags=re.DOTALL | re.MULTILINE)


@dataclasses.dataclass
class Block:
    """Indented lines, where `language` is None, or what stands between fences."""

    language: str | None
    section: str  # the heading of the second level above it
    before: str  # the line of text above it
    line: int  # of the page, counted from 1
    text: str


def blocks(text):
    """Those of a page in their order. What is indented is a block behind an empty line alone."""
    section = before = ""
    lines = [*text.split("\n"), ""]
    at = 0
    while at < len(lines):
        begin = at
        line = lines[at]
        at += 1
        if fence := re.match(r"```(\w*)$", line):
            while lines[at] != "```":
                at += 1
            yield Block(fence[1], section, before, begin + 2,
                        "".join(f"{each}\n" for each in lines[begin + 1:at]))
            at += 1
        elif line.startswith(INDENTED) and not lines[begin - 1]:
            while lines[at].startswith(INDENTED) or (not lines[at]
                                                     and lines[at + 1:at + 2] != [""]
                                                     and lines[at + 1].startswith(INDENTED)):
                at += 1
            yield Block(None, section, before, begin + 1,
                        "".join(f"{each[len(INDENTED):]}\n" for each in lines[begin:at]))
        elif line:
            section = line[3:] if line.startswith("## ") else section
            before = line


def typed(block):
    """Each command of a console block and what is shown of its output: a line that begins with
    `$ `, or `# ` for root, and those behind it."""
    for part in re.split(r"^[$#] ", block, flags=re.MULTILINE)[1:]:
        command, _, shown = part.replace("\\\n", "").partition("\n")
        yield command, shown


def pattern(shown, shapes=()):
    """What fits what is shown: `…` stands for anything, a line of it for any number of lines, and
    what has one of the shapes, regular expressions without groups, for all that has it. Ends of
    lines at the end do not count, since content need not end with one."""
    loose = re.compile("|".join(f"({shape})" for shape in ("…", *shapes)))

    def fitting(line):
        if line == "…":
            return r"(?:.*(?:\n|\Z))*?"
        made, at = "", 0
        for found in loose.finditer(line):
            shape = ".*?" if found[0] == "…" else f"(?:{shapes[found.lastindex - 2]})"
            made += re.escape(line[at:found.start()]) + shape
            at = found.end()
        return made + re.escape(line[at:]) + r"(?:\n|\Z)"

    lines = shown.rstrip("\n").split("\n")
    return re.compile(rf"\A{''.join(map(fitting, lines))}\n*\Z")


def table_rows(page):
    """The cells of each row of each table; an escaped bar does not end a cell."""
    for line in prose(page).split("\n"):
        if line.startswith("|"):
            cells = re.split(r"(?<!\\)\|", line.strip("|"))
            yield [cell.replace("\\|", "|").strip() for cell in cells]


def anchors(page):
    """What a link may name behind # in this page."""
    for heading in re.findall(r"^#+ (.*)$", page.read_text(), flags=re.MULTILINE):
        yield re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
