# SPDX-License-Identifier: BSL-1.0
"""The pages of the documentation, as prose without their indented code and as fenced blocks."""

import pathlib
import re

TREE = pathlib.Path(__file__).resolve().parents[2]


def all_pages():
    return [TREE / "README.md", TREE / "CHANGELOG.md", *sorted((TREE / "docs").rglob("*.md")),
            *sorted((TREE / "examples").rglob("*.md"))]


def prose(page):
    """The page without code blocks: what stands there is said about this tree."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)
    return "\n".join(line for line in text.split("\n") if not line.startswith("    "))


def fenced(page, language):
    """The blocks between ```language and ```."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text(),
                      flags=re.DOTALL | re.MULTILINE)


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
