# SPDX-License-Identifier: BSL-1.0
"""run.py FOLDER [SUBJECT…]: the proofs about the packages in FOLDER, one after the other.

The packages are built twice more: again elsewhere, whose bytes must be the same, in FOLDER/again; and
as an earlier version, from which this one is an upgrade, in FOLDER/before. What is there and newer
than the packages is taken as it is.
"""

import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
SUBJECTS = ["contents", "reproducible", "archive", "container", "service", "newcomer", "life", "autopkgtest", "piuparts"]


def earlier():
    """0.1 is before 0.1.0, and has the same minor version, of which plugins are."""
    tree = (HERE.parents[1] / "CMakeLists.txt").read_text()
    version = re.search(r"^project\(mortise VERSION ([\d.]+) ", tree, flags=re.MULTILINE).group(1)
    return version.rpartition(".")[0]


def build(folder, *how):
    newest = max(file.stat().st_mtime for file in folder.parent.glob("*.deb"))
    built = [file.stat().st_mtime for file in folder.glob("*.deb")]
    if not built or min(built) < newest:
        subprocess.run([HERE.parents[1] / "packaging/build.sh", folder, *how], check=True)


def main(folder, *subjects):
    folder = pathlib.Path(folder).resolve()
    subjects = subjects or SUBJECTS
    if "reproducible" in subjects:
        build(folder / "again", "", folder / "elsewhere")
    if {"life", "autopkgtest"} & set(subjects):
        build(folder / "before", earlier())
    failed = []
    for subject in subjects:
        print(f"== {subject}", flush=True)
        done = subprocess.run([sys.executable, "-B", HERE / f"{subject}_test.py", "--verbose"],
                              env={**os.environ, "MORTISE_PACKAGES": str(folder)}, check=False)
        failed += [subject] if done.returncode != 0 else []
    print("failed: " + ", ".join(failed) if failed else "all of it holds")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
