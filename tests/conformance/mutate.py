#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Takes each rule of the wire out of a copy of the tree, and asks that a conformance case fails.

Run by hand: ./mutate.py [TEXT]; with TEXT only the mutations whose rule or file holds it.
./mutate.py --check builds nothing and says which mutations do not fit the tree any more.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

from mutations import MUTATIONS

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGET = "conformance_cases"


def copy_tree(to):
    names = subprocess.run(["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=ROOT,
                           check=True, capture_output=True)
    archive = subprocess.run(["tar", "-c", "--null", "--files-from=-"], cwd=ROOT, check=True,
                             input=names.stdout, capture_output=True)
    subprocess.run(["tar", "-x", "-C", to], check=True, input=archive.stdout)


def configure(tree):
    subprocess.run(["cmake", "--preset", "dev", "--log-level=WARNING",
    "-DCMAKE_CXX_FLAGS_DEBUG=-w"],
                   cwd=tree, check=True, stdout=subprocess.DEVNULL)


def build(tree):
    built = subprocess.run(["cmake", "--build", "--preset", "dev", "--target", TARGET],
                           cwd=tree, capture_output=True, text=True)
    if built.returncode != 0:
        raise SystemExit(f"a mutation does not compile:\n{built.stdout}{built.stderr}")


def failed_cases(tree):
    """The names of the cases that fail; the one that ended the process, where one did."""
    program = tree / "build/dev/tests" / TARGET
    try:
        run = subprocess.run([program], capture_output=True, text=True, errors="replace",
                             timeout=120)
    except subprocess.TimeoutExpired:
        return ["(does not end)"]
    if run.returncode < 0:
        return [re.findall(r"\[ RUN      \] Conformance\.(\S+)", run.stdout)[-1]]
    return sorted(set(re.findall(r"\[  FAILED  \] Conformance\.(\S+) \(", run.stdout)))


def misfits():
    return [f"{rule}: {name} does not hold this text once:\n{before}"
            for rule, name, before, _ in MUTATIONS
            if (ROOT / name).read_text().count(before) != 1]


def judge(tree, mutation):
    rule, name, before, after = mutation
    file = tree / name
    sound = file.read_text()
    file.write_text(sound.replace(before, after))
    build(tree)
    failed = failed_cases(tree)
    file.write_text(sound)
    shown = ", ".join(failed[:2]) + (f" and {len(failed) - 2} more" if len(failed) > 2 else "")
    print(f"| {rule} | {pathlib.Path(name).name} | {shown or 'NONE FAILS'} |", flush=True)
    return bool(failed)


def main():
    if found := misfits():
        raise SystemExit("\n".join(found))
    if sys.argv[1:] == ["--check"]:
        return
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    chosen = [one for one in MUTATIONS if wanted in one[0] or wanted in one[1]]
    with tempfile.TemporaryDirectory(prefix="mutate-") as directory:
        tree = pathlib.Path(directory)
        copy_tree(tree)
        configure(tree)
        build(tree)
        if failed_cases(tree):
            raise SystemExit("cases fail before anything is taken out")
        print("| without the rule | file | cases that fail |\n|---|---|---|", flush=True)
        survivors = [one for one in chosen if not judge(tree, one)]
    print(f"{len(chosen)} mutations, {len(survivors)} survive")
    return 1 if survivors or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
