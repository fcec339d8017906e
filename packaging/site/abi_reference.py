#!/usr/bin/python3
# SPDX-License-Identifier: BSL-1.0
"""Prints docs/abi-reference.md: what the border's headers declare, with what they say of it.

Reads sdk/include/mortise/abi by libclang, so a declaration cannot be missed or misread."""

import itertools
import pathlib
import re
import textwrap

from clang import cindex

TREE = pathlib.Path(__file__).resolve().parents[2]
ROOT = TREE / "sdk/include"
CORE = ["types", "request", "operation", "host", "plugin"]  # in the order to read them

INTRODUCTION = """\
# Reference of the border

<!-- Written by packaging/site/abi_reference.py from the headers. -->

Each declaration of the C headers in `sdk/include/mortise/abi`, as they stand there. [The border](abi.md)
tells how they work together: lifetimes, threads, who owns what.

`[control]`, `[loop]`, `[pool]` and `[any]` name the thread on which a function is called.
"""


def told(comment):
    """The text of a C comment, without its stars."""
    lines = re.sub(r"^/\*|\*/$", "", comment.strip()).split("\n")
    text = "\n".join([lines[0].strip(), *(re.sub(r"^\s*\*? ?", "", line) for line in lines[1:])])
    return re.sub(r"^SPDX-\S+ \S+\n", "", text).strip()


def marked(text):
    """Prose as Markdown: names of the border as code, codes in full."""
    text = re.sub(r"(?<![\w`])_(?=[A-Z])", "MORTISE_", text)
    text = re.sub(r"(?<![\w`\"])(MORTISE_\w+…?|mortise_\w+)(\(\))?(?![\w`])", r"`\1\2`", text)
    return "".join(part if at % 2 else re.sub(r"([*|])", r"\\\1", part).replace("<", "&lt;")
                   for at, part in enumerate(re.split(r"(`[^`]*`)", text)))


def as_list(lines):
    """Items from `- `; lines that stand deeper than an item's text are items below it."""
    items = []
    for line in lines:
        if line.lstrip().startswith("- "):
            items.append("- " + line.lstrip()[2:])
        elif re.match(r"    ", line):
            items.append("    - " + line.strip())
        else:
            items[-1] += " " + line.strip()
    return "\n".join(marked(re.sub(r"(?<=\S) +", " ", item)) for item in items)


def prose(comment):
    """A comment as Markdown: text, lists, and drawings or code, which stand deeper."""
    parts = []
    for part in re.split(r"\n\s*\n", told(comment)):
        lines = part.split("\n")
        first_item = next((at for at, line in enumerate(lines) if re.match(r" *- ", line)), None)
        for is_deep, run in itertools.groupby(lines[:first_item], lambda line: line.startswith("  ")):
            text = "\n".join(run)
            parts.append(f"```text\n{textwrap.dedent(text)}\n```" if is_deep else
                         marked(text.replace("\n", " ")))
        if first_item is not None:
            parts.append(as_list(textwrap.dedent("\n".join(lines[first_item:])).split("\n")))
    return "\n\n".join(parts)


def cell(comment):
    return marked(re.sub(r"\s+", " ", told(comment))) if comment else ""


class Header:
    """One header, parsed."""

    def __init__(self, file):
        self.name = file.relative_to(ROOT)
        self.lines = file.read_text().split("\n")
        unit = cindex.Index.create().parse(
            str(file), args=["-x", "c", "-std=c11", "-fparse-all-comments", f"-I{ROOT}"],
            options=cindex.TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD)
        faults = [str(fault) for fault in unit.diagnostics]
        if faults:
            raise SystemExit("\n".join(faults))
        self.comments = [token for token in unit.get_tokens(extent=unit.cursor.extent)
                         if token.kind == cindex.TokenKind.COMMENT]
        self.cursors = sorted((cursor for cursor in unit.cursor.get_children()
                               if cursor.location.file and cursor.location.file.name == str(file)),
                              key=lambda cursor: cursor.extent.start.line)

    def source(self, cursor):
        start, end = cursor.extent.start, cursor.extent.end
        lines = self.lines[start.line - 1:end.line]
        lines[-1] = lines[-1][:end.column - 1]
        lines[0] = lines[0][start.column - 1:]
        return "\n".join(lines)

    def comment_before(self, line):
        for token in self.comments:
            if token.extent.end.line == line - 1 and token.extent.start.column == 1:
                return token.spelling
        return None

    def comment_beside(self, cursor):
        for token in self.comments:
            if token.extent.start.line == cursor.extent.end.line and \
               token.extent.start.column > cursor.extent.end.column:
                return token.spelling
        return None

    def macros(self):
        """Runs of macros without an empty line between them."""
        runs = []
        for cursor in self.cursors:
            if cursor.kind != cindex.CursorKind.MACRO_DEFINITION or cursor.spelling.endswith("_H"):
                continue
            if runs and all(self.lines[runs[-1][-1].extent.end.line:cursor.extent.start.line - 1]):
                runs[-1].append(cursor)
            else:
                runs.append([cursor])
        return runs

    def row(self, macro, about):
        name, value = re.match(r"(\w+(?:\([^)]*\))?)\s*(.*)", self.source(macro), re.DOTALL).groups()
        if "\n" in value or "(" in name or value.startswith("__"):
            value = ""  # a body, which is the compiler's to read
        return f"| `{name}` | {f'`{value}`' if value else ''} | {cell(about)} |"


def constants(header):
    """Tables of macros. A comment above the first is about the run, unless others have one too."""
    for run in header.macros():
        above = [header.comment_before(macro.extent.start.line) for macro in run]
        is_about_run = not any(above[1:])
        if is_about_run and above[0]:
            yield prose(above[0])
        yield "| name | value | |\n|---|---|---|\n" + "\n".join(
            header.row(macro, header.comment_beside(macro) or (None if is_about_run else comment))
            for macro, comment in zip(run, above))


def is_function(declared):
    """Whether it is a pointer to a function whose parameters are written there."""
    written = declared.type.spelling if declared.kind == cindex.CursorKind.FIELD_DECL else \
        declared.underlying_typedef_type.spelling
    return "(*" in written


def struct(header, cursor):
    yield f"### `{cursor.spelling}`"
    told_of = cursor.raw_comment or header.comment_before(cursor.extent.start.line - 1)
    if told_of:
        yield prose(told_of)
    members = [each for each in cursor.get_children()
               if each.kind == cindex.CursorKind.FIELD_DECL]
    values = [each for each in members if not is_function(each)]
    if values:
        yield "| member | type | |\n|---|---|---|\n" + "\n".join(
            f"| `{each.spelling}` | `{each.type.spelling}` | {cell(each.raw_comment)} |"
            for each in values)
    for each in members:
        if is_function(each):
            yield f"#### `{cursor.spelling}.{each.spelling}`"
            yield "```c\n" + textwrap.dedent(
                " " * (each.extent.start.column - 1) + header.source(each)) + ";\n```"
            if each.raw_comment:
                yield prose(each.raw_comment)


def other_type(header, cursor):
    yield f"### `{cursor.spelling}`"
    source = header.source(cursor)
    if not is_function(cursor):
        source = re.sub(r"\s+", " ", source)
    yield f"```c\n{source};\n```"
    for comment in (cursor.raw_comment, header.comment_beside(cursor)):
        if comment:
            yield prose(comment)


def section(header):
    yield f"## {header.name}"
    yield prose(header.comments[0].spelling)
    yield from constants(header)
    defined = {cursor.spelling for cursor in header.cursors
               if cursor.kind == cindex.CursorKind.STRUCT_DECL and cursor.is_definition()}
    for cursor in header.cursors:
        if cursor.kind == cindex.CursorKind.STRUCT_DECL and cursor.is_definition():
            yield from struct(header, cursor)
        elif cursor.kind == cindex.CursorKind.TYPEDEF_DECL and cursor.spelling not in defined:
            yield from other_type(header, cursor)


def main():
    abi = ROOT / "mortise/abi"
    files = [abi / f"{name}.h" for name in CORE]
    files += sorted(set(abi.rglob("*.h")) - set(files))
    parts = [INTRODUCTION.strip()]
    for file in files:
        parts += section(Header(file))
    print("\n\n".join(parts))


if __name__ == "__main__":
    main()
