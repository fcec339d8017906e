# SPDX-License-Identifier: BSL-1.0
"""Where the program may lie: a build tree, or a prefix that it was installed to."""

import os
import pathlib
import shutil
import subprocess
import tempfile

import hosts

PATIENCE = 300  # seconds for a compiler; only a fault waits so long


def folder(test):
    made = pathlib.Path(tempfile.mkdtemp(prefix="mortise-projects-"))
    test.addCleanup(shutil.rmtree, made)
    return made


def prefix(test, has_sdk=True):
    """A prefix of its own, as an archive that is unpacked anywhere has."""
    made = folder(test) / "a prefix"
    for component in ("host", "sdk") if has_sdk else ("host",):
        subprocess.run(["cmake", "--install", hosts.BUILD, "--prefix", made, "--component",
                        component], stdout=subprocess.DEVNULL, check=True)
    (made / "bin").mkdir(parents=True, exist_ok=True)
    shutil.copyfile(hosts.PROGRAM, made / "bin/mortise")
    (made / "bin/mortise").chmod(0o755)
    return made


def environment(program=None):
    """This one's, where "mortise" is `program`, or nothing."""
    known = {key: value for key, value in os.environ.items() if key != "CMAKE_PREFIX_PATH"}
    if program is not None:
        known["PATH"] = f"{program.parent}:{known['PATH']}"
    return known


def call(*words, where, env=None, code=0):
    """What it writes, on both ways; its exit code must be `code`."""
    done = subprocess.run([str(word) for word in words], cwd=where, env=env or environment(),
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=PATIENCE, check=False)
    if done.returncode != code:
        raise AssertionError(f"{' '.join(map(str, words))}: exit code {done.returncode}\n"
                             f"{done.stdout}")
    return done.stdout
