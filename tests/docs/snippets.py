# SPDX-License-Identifier: BSL-1.0
"""The C and C++ snippets of the pages, each made a source that compiles.

A fenced block is a whole file, unless a comment in front of it says what it is a part of:

    <!-- snippet: handler -->
    ```cpp
    co_return mortise::text("Hello\\n");
    ```

The parts are those of PARTS below. Before the part may stand

    refused, "TEXT":    the compiler must refuse it, with TEXT
    not for g++ 12:     compiles, and is shown because of what g++ 12 makes of it

and instead of it

    not compiled, REASON

Parts see the `declarations` above them on their page, and nothing else of it.
"""

import dataclasses
import re

import pages

# A page is no main file to g++, which warns of each lambda in a coroutine of another file.
QUIET = """#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wsubobject-linkage"
#endif
"""

INCLUDES = QUIET + """
#include <mortise/abi/plugin.h>
#include <mortise/sdk.hpp>
#include <mortise/testing.hpp>

#include <array>
#include <atomic>
#include <cassert>
#include <cstdio>
#include <string>
#include <vector>

using namespace std::chrono_literals;
"""

# Part: what stands in front of the snippet, and what behind it.
PARTS = {
    "declarations": ("", ""),
    "members": ("class plugin {\npublic:\n",
                "};\nstatic_assert(mortise::detail::plugin_type<plugin>);\n"),
    "routes": ("void add(mortise::routes& on) {\n", "}\n"),
    "plain handler": ("mortise::response handle("
                      "[[maybe_unused]] const mortise::request& request) {\n", "}\n"),
    "handler": ("mortise::task<mortise::response> handle("
                "[[maybe_unused]] mortise::exchange& exchange) {\n", "}\n"),
    "streaming handler": ("mortise::task<> handle("
                          "[[maybe_unused]] mortise::exchange& exchange) {\n", "}\n"),
    "test": ("struct my_plugin { void routes(mortise::routes&) {} };\n"
             "extern const struct mortise_plugin descriptor;\n"
             "inline void test([[maybe_unused]] mortise::testing::host& host,\n"
             "    [[maybe_unused]] mortise::testing::plugin& plugin,\n"
             "    [[maybe_unused]] mortise::testing::pending& pending) {\n"
             "using namespace mortise;\n{\n", "}}\n"),
}

FENCE = re.compile(r"(?:^<!-- snippet: (?P<kind>[^\n]*?) -->\n)?^```(?P<language>cpp|c)\n"
                   r"(?P<code>.*?)^```$", re.DOTALL | re.MULTILINE)
KIND = re.compile(r'(?:refused, "(?P<refusal>[^"]*)": |not for g\+\+ 12: )?(?P<part>[\w ]+)$')


class Malformed(Exception):
    """A comment in front of a snippet that follows no rule."""


@dataclasses.dataclass
class Source:
    """What is compiled at once; `refusal`: what the compiler must say against it."""

    place: str
    language: str
    text: str
    refusal: str | None = None


def read(page, text):
    """The sources of a page: each whole file, all of its parts together, each that is refused."""
    declared = parts = ""
    for found in FENCE.finditer(text):
        line = text.count("\n", 0, found.start("code")) + 1
        place = f"{page}:{line}"
        code = f'#line {line} "{page}"\n{found["code"]}'
        kind = found["kind"]
        if kind is None:
            quiet = QUIET if found["language"] == "cpp" else ""
            yield Source(place, found["language"], quiet + code)
            continue
        if kind.startswith("not compiled, "):
            continue
        read_kind = KIND.match(kind)
        if read_kind is None or read_kind["part"] not in PARTS:
            raise Malformed(f'{place}: "{kind}" is no kind of snippet')
        before, behind = PARTS[read_kind["part"]]
        if read_kind["part"] == "declarations":
            declared += code
            parts += code
        elif read_kind["refusal"]:
            yield Source(place, "cpp", INCLUDES + declared + before + code + behind,
                         read_kind["refusal"])
        else:
            parts += f"namespace at_line_{line} {{\n{before}{code}{behind}}}\n"
    if parts:
        yield Source(f"{page}, its parts", "cpp", INCLUDES + parts)


def all_sources():
    """Those of all pages but the one that is written from the headers, which compile."""
    for page in set(pages.all_pages()) - {pages.TREE / "docs/abi-reference.md"}:
        yield from read(page.relative_to(pages.TREE), page.read_text())
