# SPDX-License-Identifier: BSL-1.0
"""Finds what g++ 11 and 12 compile wrongly in coroutines.

    mortise_coroutines.py --build FOLDER [--clang-query PROGRAM] SOURCE …

FOLDER has the compile_commands.json that tells how the sources are compiled. Headers that they
include are looked at too. Exit code: 1 where a line is found, 77 where there is no clang-query.
"""

import argparse
import concurrent.futures
import dataclasses
import os
import pathlib
import re
import shutil
import subprocess
import sys

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


def look_at(source, flags, program=CLANG_QUERY):
    """The faults of a source; `flags` tell clang-query how it is compiled."""
    commands = ["set output diag", "set bind-root false", *(f"match {each}" for each in MATCHERS)]
    call = [program]
    for command in commands:
        call += ["-c", command]
    done = subprocess.run([*call, str(source), *flags], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0 or ERROR.search(done.stdout):
        raise Failed(f"{source}: {program} cannot read it:\n{done.stdout[:2000]}")
    return {Fault(found["path"], int(found["line"]), found["rule"])
            for found in MATCH.finditer(done.stdout)}


def look_at_all(sources, build, program=CLANG_QUERY):
    """Prints the faults of all of them; the exit code."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        flags = ["-p", str(build), "--extra-arg=-w"]
        found = list(pool.map(lambda each: look_at(each, flags, program), sources))
    faults = sorted(set().union(*found))
    for fault in faults:
        print(fault)
    return 1 if faults else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--clang-query", default=CLANG_QUERY)
    parser.add_argument("sources", type=pathlib.Path, nargs="+")
    chosen = parser.parse_args()
    if shutil.which(chosen.clang_query) is None:
        print("skipped: there is no clang-query; Debian has it in clang-tools-16")
        sys.exit(77)
    try:
        sys.exit(look_at_all(chosen.sources, chosen.build, chosen.clang_query))
    except Failed as failed:
        sys.exit(str(failed))


if __name__ == "__main__":
    main()
