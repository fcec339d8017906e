# SPDX-License-Identifier: BSL-1.0
"""The commands of the pages: which blocks hold some, and which of them run elsewhere.

A block that is indented, or fenced as `console` or `sh`, holds commands, unless it has one of the
FORMS. Where its lines begin with `$ `, or `# ` for root, those behind them are what the command
prints; else each line is a command, with its meaning behind two blanks.
"""

import dataclasses
import re

import pages

# What blocks hold that are no commands.
FORMS = {
    "a drawing": r"[─►║]",
    "layers": r"\A\d  \w+  ",
    "what a host says": r"\A(?:Server started at |\d{4}-\d\d-\d\dT\S+ (?:info|warning) )",
    "a line of the log that a page shortens": r"\Aerror \d\.\d\.\d: ",
    "a line of the log as JSON": r'\A\{"time":',
    "a line of an access log": r"\A[\d.]+ - - \[",
    "a load error": r"\A\w+ fails in \w+ with code ",
    "a request or an answer": r"\A(?:GET /|HTTP/1\.1 )",
    "a part of a unit of systemd": r"\A\[\w+\]\n",
    "HAProxy's configuration": r"\Adefaults\n",
    "C++ or CMake": r"\A(?:#include |mortise_add_)",
}

# What may run on any machine, and by anybody. All else has a row below.
RUN = {"cd", "cmake", "cp", "ctest", "curl", "echo", "echo_test", "g++", "grep", "install",
       "mortise", "openssl", "plugin_test", "umask"}

# Page, how its command begins, and what runs it or why nothing does.
ELSEWHERE = [
    ("README.md", "apt update", "as docs/index.md: tests/package/newcomer_test.py"),
    ("README.md", "apt install", "as docs/index.md: tests/package/newcomer_test.py"),
    ("docs/container.md", "podman load", "tests/package/container_test.py runs the image's files"),
    ("docs/container.md", "podman run", "tests/package/container_test.py runs the image's files"),
    ("docs/first-handler.md", "apt update", "tests/package/newcomer_test.py"),
    ("docs/first-handler.md", "apt install", "tests/package/newcomer_test.py"),
    ("docs/index.md", "apt update", "tests/package/newcomer_test.py"),
    ("docs/index.md", "apt install", "tests/package/newcomer_test.py"),
    ("docs/install.md", "apt update", "tests/package/newcomer_test.py"),
    ("docs/install.md", "apt install ./build/package/",
     "tests/package/newcomer_test.py installs both"),
    ("docs/install.md", "apt install ./mortise_*.deb", "tests/package/life_test.py"),
    ("docs/install.md", "mortise check && systemctl reload mortise",
     "tests/package/service_test.py checks and reloads as the unit does"),
    ("docs/install.md", "systemctl stop mortise", "takes systemd"),
    ("docs/install.md", "systemctl enable --now mortise.socket",
     "takes systemd; tests/package/service_test.py hands the unit's socket to a host"),
    ("docs/install.md", "systemctl start mortise", "takes systemd"),
    ("docs/install.md", "tar xf", "tests/package/archive_test.py"),
    ("docs/install.md", "cd mortise-*/", "tests/package/archive_test.py"),
    ("docs/install.md", "bin/mortise run", "tests/package/archive_test.py"),
    ("docs/operations.md", "useradd", "root's; tests/package/life_test.py has the account"),
    ("docs/performance.md", "./dev bench", "takes minutes, and a machine that is quiet"),
    ("docs/performance.md", "ctest --test-dir build/release -L gate", "tests/bench/gates.py"),
    ("docs/plugin-guide.md", "./dev build", "builds what this test asks"),
    ("docs/testing.md", "./dev test", "runs this test"),
    ("docs/testing.md", "cmake --preset dev", "builds what this test asks"),
]


LANGUAGES = (None, "console", "sh")  # of blocks that may hold commands


@dataclasses.dataclass
class Step:
    """What somebody does who follows a page."""

    page: str
    line: int
    section: str
    text: str


class Command(Step):
    """Types it; `shown` is what it should print, or None where the page does not say."""

    def __init__(self, *where, shown=None):
        super().__init__(*where)
        self.shown = shown or None


class File(Step):
    """Writes it to `path`."""

    def __init__(self, *where, path):
        super().__init__(*where)
        self.path = path


class Said(Step):
    """Sees a host say it."""


def form_of(block):
    return next((form for form, first in FORMS.items() if re.search(first, block.text)), None)


def commands(block):
    """Pairs of a command and what is shown of its output."""
    if re.match(r"[$#] ", block.text):
        return list(pages.typed(block.text))
    lines = block.text.replace("\\\n", "").splitlines()
    return [(line.split("  ")[0], None) for line in lines if line]


def read(page, text):
    """The steps of a page."""
    for block in pages.blocks(text):
        where = page, block.line, block.section
        if block.language == "toml":
            if named := re.search(r"`(/etc/[\w/.-]+\.toml)`", block.before):
                yield File(*where, block.text, path=named[1])
        elif block.language in LANGUAGES:
            form = form_of(block)
            if form is None:
                yield from (Command(*where, command, shown=shown)
                            for command, shown in commands(block))
            elif form == "what a host says":
                yield Said(*where, block.text)


def row_of(step):
    """The row of ELSEWHERE that tells of a command."""
    return next((row for row in ELSEWHERE
                 if row[0] == step.page and step.text.startswith(row[1])), None)


def all_pages():
    """Those with commands for who reads them, but not the one that is written from the headers."""
    found = [pages.TREE / "README.md", *sorted((pages.TREE / "docs").glob("*.md"))]
    return {str(page.relative_to(pages.TREE)): page.read_text() for page in found
            if page.name != "abi-reference.md"}
