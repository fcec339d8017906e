# SPDX-License-Identifier: BSL-1.0
"""No file over 400 lines and no function over 60: sizes.py ROOT prints those that are longer."""

import ast
import re

import source_tree

MOST_FILE_LINES = 400
MOST_FUNCTION_LINES = 60

DIRECTIVE = re.compile(r"^[ \t]*#(?:\\\n|[^\n])*", re.MULTILINE)
BRACE = re.compile(r"[{}]")
DELIMITER = re.compile(r"[{};]")
HEAD = re.compile(r"(?:\s|(?:public|private|protected)\s*:(?!:))*")
HEAD_GOES_ON = re.compile(r"\s*[,{]")
# Parentheses that make no function.
ATTRIBUTE = re.compile(
    r"\[\[.*?\]\]|\balignas\s*\([^()]*\)|\b__attribute__\s*\(\(.*?\)\)", re.DOTALL)
NAME = re.compile(r"(operator\W+|[\w:~]+)\s*\(")
SCOPE = re.compile(r"\b(?:namespace|extern|class|struct|union|enum)\b")


class Unbalanced(Exception):
    """Braces that do not close; its argument: the line of the first."""


def closing(code, opening):
    """Where the brace at `opening` closes."""
    depth = 0
    for brace in BRACE.finditer(code, opening):
        depth += 1 if brace[0] == "{" else -1
        if depth == 0:
            return brace.start()
    raise Unbalanced(source_tree.line_of(code, opening))


def is_function(head):
    """Whether a brace behind `head` opens a function's body: of a lambda inside an argument too."""
    if head.count("(") > head.count(")"):
        return head.rstrip().endswith((")", "]", "noexcept", "mutable"))
    return "(" in head


def cpp_functions(code):
    """(begin, end) of each function in code without comments, texts and directives.

    Walks through namespaces and classes, and steps over every other pair of braces. Braces in a
    constructor's list of initialisers are followed by a comma or by the body: the head goes on.
    """
    start = at = 0
    while found := DELIMITER.search(code, at):
        at = found.end()
        begin = HEAD.match(code, start).end()
        head = ATTRIBUTE.sub("", code[begin:found.start()])
        if found[0] != "{" or (SCOPE.search(head) and not is_function(head)):
            start = at
            continue
        at = closing(code, found.start()) + 1
        if is_function(head):
            if HEAD_GOES_ON.match(code, at):
                continue
            yield begin, at - 1
        start = at


def cpp_function_lines(text):
    """(name, first line, last line) of each function."""
    code = source_tree.blank(text, {"comment", "raw", "text"})
    code = DIRECTIVE.sub(source_tree.spaces, code)
    for begin, end in cpp_functions(code):
        name = NAME.search(code, begin, end)
        yield (name[1].strip() if name else "a function", source_tree.line_of(code, begin),
               source_tree.line_of(code, end))


def python_function_lines(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name, node.lineno, node.end_lineno


def function_lines(path, text):
    if path.suffix in source_tree.CPP_SUFFIXES:
        return cpp_function_lines(text)
    return python_function_lines(text) if path.suffix == ".py" else ()


def file_faults(path, text):
    lines = text.count("\n") + (not text.endswith("\n"))
    if lines > MOST_FILE_LINES:
        yield source_tree.Fault(str(path), lines, f"{lines} lines: a file has at most "
                                f"{MOST_FILE_LINES}")
    try:
        for name, first, last in function_lines(path, text):
            if last - first >= MOST_FUNCTION_LINES:
                yield source_tree.Fault(str(path), first, f"{name} has {last - first + 1} lines: "
                                        f"a function has at most {MOST_FUNCTION_LINES}")
    except Unbalanced as fault:
        yield source_tree.Fault(str(path), fault.args[0], "this brace does not close, so that no "
                                "function can be measured")


def faults(root):
    """Every file and function of the tree that is too long."""
    for path in source_tree.files(root, source_tree.SUFFIXES):
        yield from file_faults(path, source_tree.read(root, path))


if __name__ == "__main__":
    source_tree.run(__doc__, faults)
