# SPDX-License-Identifier: BSL-1.0
"""Finds what g++ 11 and 12 compile wrongly in coroutines.

    coroutines.py --build FOLDER [SOURCE …]

FOLDER has the compile_commands.json of a build with clang. Without a SOURCE, every source there of
this tree's core, plugins, examples and tests/unit/sdk that holds a co_await is looked at, with the
headers of this tree that it includes.
"""

import argparse
import concurrent.futures
import dataclasses
import json
import os
import pathlib
import re
import subprocess
import sys

TREE = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = ("core", "plugins", "examples", "tests/unit/sdk")
CLANG_QUERY = "clang-query-16"

# Clang marks a temporary that has a destructor as a cxxBindTemporaryExpr.
LAMBDA = 'cxxBindTemporaryExpr(has(lambdaExpr().bind("lambda")))'
AGGREGATE = 'cxxBindTemporaryExpr(has(expr(ignoringImplicit(initListExpr().bind("aggregate")))))'
BRACES = ('cxxBindTemporaryExpr(has(cxxFunctionalCastExpr(has(initListExpr()))'
          '.bind("aggregate")))')
# Both arms of one that names an object are names.
CONDITIONAL = ('conditionalOperator(hasType(hasCanonicalType(recordType())), '
               'unless(hasTrueExpression(ignoringParenImpCasts(anyOf(declRefExpr(), memberExpr()))))'
               ').bind("conditional")')
INNER = 'unless(hasDescendant(lambdaExpr()))'

MATCHERS = [
    *(f"coawaitExpr(forEachDescendant({each}))" for each in (LAMBDA, AGGREGATE, BRACES)),
    *(f"callExpr(hasAnyArgument(ignoringImplicit(coawaitExpr())), hasAnyArgument(expr(anyOf("
      f"{each}, hasDescendant({each})))))"
      for each in (LAMBDA, AGGREGATE, BRACES)),
    f'initListExpr(hasType(hasCanonicalType(recordType())), {INNER}, hasDescendant(coawaitExpr()))'
    '.bind("aggregate")',
    f"coawaitExpr({INNER}, forEachDescendant({CONDITIONAL}))",
    f"exprWithCleanups({INNER}, hasDescendant(coawaitExpr()), forEachDescendant({CONDITIONAL}))",
    f"expr(hasDescendant(coawaitExpr()), {INNER}, {CONDITIONAL})",
]

RULES = {
    "lambda": "a lambda that captures by value is destroyed twice beside a co_await: name it first",
    "aggregate": "what is in an aggregate's braces is destroyed twice beside a co_await: name it"
                 " first",
    "conditional": "a ?: that gives an object evaluates both arms, or is destroyed twice, beside a"
                   " co_await: use if",
}
MATCH = re.compile(r'^(?P<path>/[^\n:]+):(?P<line>\d+):\d+: note: "(?P<rule>\w+)" binds here$',
                   re.MULTILINE)
ERROR = re.compile(r"^[^\n]+:\d+:\d+: (?:fatal )?error: ", re.MULTILINE)


class Failed(Exception):
    """clang-query could not read a source."""


@dataclasses.dataclass(frozen=True, order=True)
class Fault:
    """One place in a source or header."""

    path: str
    line: int
    rule: str

    def __str__(self):
        return f"{self.path}:{self.line}: {RULES[self.rule]}"


def look_at(source, flags):
    """The faults of a source; `flags` tell clang-query how it is compiled."""
    commands = ["set output diag", "set bind-root false", *(f"match {each}" for each in MATCHERS)]
    call = [CLANG_QUERY]
    for command in commands:
        call += ["-c", command]
    done = subprocess.run([*call, str(source), *flags], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0 or ERROR.search(done.stdout):
        raise Failed(f"{source}: {CLANG_QUERY} cannot read it:\n{done.stdout[:2000]}")
    return {Fault(found["path"], int(found["line"]), found["rule"])
            for found in MATCH.finditer(done.stdout)}


def sources_of(build):
    """The sources of this tree that hold a co_await, by the compile commands."""
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        path = (pathlib.Path(entry["directory"]) / entry["file"]).resolve()
        if not path.is_relative_to(TREE) or path.suffix != ".cpp":
            continue
        inside = path.relative_to(TREE)
        if any(inside.is_relative_to(folder) for folder in FOLDERS) and \
                "co_await" in path.read_text(encoding="utf-8"):
            yield path


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("sources", type=pathlib.Path, nargs="*")
    chosen = parser.parse_args()
    sources = sorted(set(chosen.sources or sources_of(chosen.build)))
    if not sources:
        sys.exit("coroutines.py: no source holds a co_await")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        flags = ["-p", str(chosen.build), "--extra-arg=-w"]
        found = list(pool.map(lambda each: look_at(each, flags), sources))
    faults = sorted(set().union(*found))
    for fault in faults:
        print(fault)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
