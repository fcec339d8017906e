# SPDX-License-Identifier: BSL-1.0
"""Reads callgrind's profiles and says in which stage of a request the instructions are spent."""

import collections
import re
import typing


class Site(typing.NamedTuple):
    """Where an instruction was executed. `file` differs from `function_file` in inlined code."""
    library: str
    function_file: str
    function: str
    file: str
    line: int


def read(path):
    """The instructions executed by each site itself, calls not included."""
    costs = collections.Counter()
    library = function_file = function = file = ""
    is_call = False
    with open(path, encoding="utf-8", errors="replace") as profile:
        for line in profile:
            key, equals, value = line.rstrip("\n").partition("=")
            if line[0].isdigit() and not is_call:
                number, cost = line.split()[:2]
                costs[Site(library, function_file, function, file, int(number))] += int(cost)
            is_call = key == "calls"
            if not equals:
                continue
            if key == "ob":
                library = value
            elif key == "fl":
                function_file = file = value
            elif key in ("fi", "fe"):
                file = value
            elif key == "fn":
                function, file = value, function_file
    return costs


# The first rule that matches names the stage. The place of the inlined line is asked first, then
# the function it was inlined into, then the library.
PLACES = [
    (re.compile(r"(?:^|/)core/(\w+)/"), r"core/\1"),
    (re.compile(r"(?:^|/)sdk/include/"), "plugin .so"),
    (re.compile(r"(?:^|/)(?:plugins|examples)/\w+/"), "plugin .so"),
    (re.compile(r"/boost/asio/"), "asio"),
    (re.compile(r"(?:^|/)tests/bench/limit\.c"), "limit"),
]
LIBRARIES = [
    (re.compile(r"/libc\.so|/libpthread"), "libc"),
    (re.compile(r"/libstdc\+\+"), "libstdc++"),
    (re.compile(r"/ld-linux"), "loader"),
    (re.compile(r"/libspdlog|/libfmt"), "log library"),
    (re.compile(r"\.so$"), "plugin .so"),
]


def stage_of(site):
    for text, rules in ((site.file, PLACES), (site.function_file, PLACES),
                        (site.library, LIBRARIES)):
        for pattern, stage in rules:
            match = pattern.search(text)
            if match:
                return match.expand(stage)
    return "other"


def by_stage(costs):
    stages = collections.Counter()
    for site, cost in costs.items():
        stages[stage_of(site)] += cost
    return stages


def by_function(costs):
    functions = collections.Counter()
    for site, cost in costs.items():
        functions[f"{site.function}  {site.function_file}"] += cost
    return functions


def by_line(costs):
    lines = collections.Counter()
    for site, cost in costs.items():
        lines[f"{site.file}:{site.line}"] += cost
    return lines
