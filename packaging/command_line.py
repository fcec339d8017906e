# SPDX-License-Identifier: BSL-1.0
"""What a program's --help tells, as a manual page and as completions for shells.

    command_line.py PROGRAM manual PAGE.in   the page, with its commands where it says @COMMANDS@
    command_line.py PROGRAM bash|zsh         a completion
"""

import dataclasses
import pathlib
import re
import subprocess
import sys

import shells
import troff

TEXT = 30  # the column where what is said about an entry begins


@dataclasses.dataclass
class Entry:
    names: list  # "-h", "--help"; of a positional its name
    shown: str  # "FILE", or empty: it takes nothing
    about: str

    @property
    def choices(self):
        return self.shown.split("|") if "|" in self.shown else []


@dataclasses.dataclass
class Command:
    words: list  # ["mortise", "plugin", "list"]
    about: str
    usage: str
    footer: str
    options: list = dataclasses.field(default_factory=list)
    positionals: list = dataclasses.field(default_factory=list)
    commands: list = dataclasses.field(default_factory=list)

    @property
    def name(self):
        return " ".join(self.words)


def entries(lines):
    """Pairs of what stands on the left and on the right; either may stand on a line of its own."""
    found = []
    for line in lines:
        left, right = line[:TEXT], line[TEXT:]
        if not left.strip():
            found[-1][1] += " " + right.strip()
        elif len(line) > TEXT and not left.endswith(" "):
            found.append([line.strip(), ""])
        else:
            found.append([left.strip(), right.strip()])
    return [(left, right.strip()) for left, right in found]


def entry(left, about):
    names, _, shown = left.removesuffix(" REQUIRED").partition(" ")
    shown, excludes, others = shown.partition("Excludes: ")
    return Entry(names.split(","), shown.strip(), about + (f"; not with {others}" if excludes else ""))


def paragraphs(text):
    """Each as its lines; blank lines stand between them."""
    return [each.split("\n") for each in re.split(r"\n\s*\n", text.strip("\n"))]


def read(program, words):
    text = subprocess.run([program, *words[1:], "--help"], stdout=subprocess.PIPE, text=True,
                          check=True).stdout
    head, *parts = paragraphs(text)
    made = Command(words, head[0], head[1].removeprefix("Usage: "), "")
    for part in parts:
        if part[0] == "Options:":
            made.options = [entry(*each) for each in entries(part[1:])]
        elif part[0] == "Positionals:":
            made.positionals = [entry(*each) for each in entries(part[1:])]
        elif re.match(r"(?:Commands|Subcommands)\b.*:$", part[0]):
            made.commands += [read(program, [*words, left]) for left, _ in entries(part[1:])]
        else:
            made.footer = "\n".join(part)
    return made


def main(program, form, *page):
    root = read(program, ["mortise"])
    if form == "manual":
        text = pathlib.Path(page[0]).read_text(encoding="utf-8")
        version = subprocess.run([program, "--version"], stdout=subprocess.PIPE, text=True,
                                 check=True).stdout.split()[-1]
        text = text.replace("@VERSION@", version)
        sys.stdout.write(text.replace("@COMMANDS@\n", troff.commands(root)))
    else:
        sys.stdout.write({"bash": shells.bash, "zsh": shells.zsh}[form](root))


if __name__ == "__main__":
    main(*sys.argv[1:])
