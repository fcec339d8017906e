# SPDX-License-Identifier: BSL-1.0
"""`mortise check` on broken configurations: each fault is named with its place and its cure.

broken/NAME.toml, or broken/NAME/mortise.toml with what lies beside it, is a case; NAME.expected is
what is said of it. MORTISE_ACCEPT=1 writes what is said now, to be read before it is committed."""

import os
import pathlib
import re
import subprocess
import unittest

FOLDER = pathlib.Path(__file__).parent / "broken"
BUILD = pathlib.Path(os.environ["MORTISE_BUILD"])
PLACES = {"PLUGINS": BUILD / "plugins", "EXAMPLES": BUILD / "examples",
          "FAULTY": BUILD / "tests/plugins"}
CASES = sorted({path.stem for path in FOLDER.iterdir() if path.suffix != ".expected"})
LINE = re.compile(r"[\w./-]+\.toml:\d+:\d+: (warning: )?\S.*")


def check(case):
    file = f"{case}/mortise.toml" if (FOLDER / case).is_dir() else f"{case}.toml"
    environment = {"PATH": os.environ["PATH"], **{name: str(at) for name, at in PLACES.items()}}
    done = subprocess.run([BUILD / "bin/mortise", "check", "--config", file], cwd=FOLDER,
                          env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=60, check=False)
    said = done.stderr
    for name, at in PLACES.items():
        said = said.replace(str(at), "${" + name + "}")
    return done.returncode, done.stdout, said


class Broken(unittest.TestCase):
    def test_are_many(self):
        self.assertGreaterEqual(len(CASES), 40)

    def test_are_told_with_place_and_cure(self):
        for case in CASES:
            with self.subTest(case):
                code, out, said = check(case)
                expected = FOLDER / f"{case}.expected"
                if os.environ.get("MORTISE_ACCEPT"):
                    expected.write_text(said, "utf-8")
                self.assertEqual(said, expected.read_text("utf-8"))
                for line in said.splitlines():
                    self.assertRegex(line, LINE)
                is_warned_of_alone = all(": warning: " in line for line in said.splitlines())
                self.assertEqual(code, 0 if is_warned_of_alone else 1)
                self.assertEqual(out == "", not is_warned_of_alone)


if __name__ == "__main__":
    unittest.main()
