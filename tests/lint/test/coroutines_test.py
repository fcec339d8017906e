# SPDX-License-Identifier: BSL-1.0
"""mortise_coroutines.py of the SDK finds every line that wrong.cpp marks, and nothing else."""

import pathlib
import re
import sys
import tempfile
import unittest

FOLDER = pathlib.Path(__file__).resolve().parent
TREE = FOLDER.parents[2]
sys.path.insert(0, str(TREE / "sdk/cmake"))

import mortise_coroutines as coroutines  # pylint: disable=wrong-import-position

FLAGS = ["--", "-w", "-std=c++20", "-I", str(TREE / "sdk/include")]


def found(source):
    return {(fault.line, fault.rule) for fault in coroutines.look_at(FOLDER / source, FLAGS)
            if fault.path == str(FOLDER / source)}


def marked(source):
    lines = (FOLDER / source).read_text(encoding="utf-8").split("\n")
    marks = [(at, re.search(r"// wrong: (\w+)$", line)) for at, line in enumerate(lines, 1)]
    return {(at, mark[1]) for at, mark in marks if mark}


class Coroutines(unittest.TestCase):
    def test_finds_each_wrong_line_and_no_other(self):
        self.assertGreater(len(marked("wrong.cpp")), 15)
        self.assertEqual(found("wrong.cpp"), marked("wrong.cpp"))

    def test_passes_what_is_right(self):
        self.assertEqual(found("right.cpp"), set())

    def test_fails_where_a_source_cannot_be_read(self):
        with self.assertRaises(coroutines.Failed):
            coroutines.look_at(FOLDER / "missing.cpp", FLAGS)
        with tempfile.NamedTemporaryFile(suffix=".cpp") as broken:
            broken.write(b"int f( { return 1; }\n")
            broken.flush()
            with self.assertRaises(coroutines.Failed):
                coroutines.look_at(broken.name, FLAGS)


if __name__ == "__main__":
    unittest.main()
