# SPDX-License-Identifier: BSL-1.0
"""run.py FOLDER [SUBJECT…]: the proofs about the packages in FOLDER, one after the other.

The packages are built twice more: again elsewhere, whose bytes must be the same, in FOLDER/again; and
as an earlier version, from which this one is an upgrade, in FOLDER/before. What is there and newer
than the packages is taken as it is.
"""

import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
SUBJECTS = ["contents", "reproducible", "archive", "service", "life", "autopkgtest", "piuparts"]
EARLIER = "0.0.9"


def build(folder, *version):
    newest = max(file.stat().st_mtime for file in folder.parent.glob("*.deb"))
    built = [file.stat().st_mtime for file in folder.glob("*.deb")]
    if not built or min(built) < newest:
        subprocess.run([HERE.parents[1] / "packaging/build.sh", folder, *version], check=True)


def main(folder, *subjects):
    folder = pathlib.Path(folder).resolve()
    subjects = subjects or SUBJECTS
    if "reproducible" in subjects:
        build(folder / "again")
    if {"life", "autopkgtest"} & set(subjects):
        build(folder / "before", EARLIER)
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
