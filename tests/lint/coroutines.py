# SPDX-License-Identifier: BSL-1.0
"""Finds what g++ 11 and 12 compile wrongly in this tree's coroutines.

    coroutines.py --build FOLDER

FOLDER has the compile_commands.json of a build with clang. Every source there of this tree's core,
plugins, examples and tests/unit/sdk that holds a co_await is looked at by what the SDK brings for it,
with the headers of this tree that it includes.
"""

import argparse
import json
import pathlib
import sys

TREE = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = ("core", "plugins", "examples", "tests/unit/sdk")
sys.path.insert(0, str(TREE / "sdk/cmake"))

import mortise_coroutines  # pylint: disable=wrong-import-position


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
    build = parser.parse_args().build
    sources = sorted(set(sources_of(build)))
    if not sources:
        sys.exit("coroutines.py: no source holds a co_await")
    sys.exit(mortise_coroutines.look_at_all(sources, build))


if __name__ == "__main__":
    main()
