# SPDX-License-Identifier: BSL-1.0
"""A fresh Debian 12 beside this system: files, processes and a network of its own."""

import os
import pathlib
import shutil
import subprocess
import tempfile

PACKAGES = pathlib.Path(os.environ["MORTISE_PACKAGES"]).resolve()
TREE = pathlib.Path(__file__).resolve().parents[2]
PATIENCE = 600  # seconds for what must happen; only a fault waits so long
SOURCES = "/etc/apt/sources.list.d/debian.sources"

INIT = """
mount -t proc proc "$0/proc" && mount -t tmpfs tmpfs "$0/run" && ip link set lo up && echo ready &&
exec sleep infinity
"""


def run(*words, check=True, **how):
    """What a command printed, both ways."""
    done = subprocess.run([str(word) for word in words], stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, **how)
    if check and done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, words))} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def package_files(folder=PACKAGES):
    """Debian's packages by their names."""
    found = {}
    for file in folder.glob("*.deb"):
        found[file.name.partition("_")[0]] = file
    if not found:
        raise FileNotFoundError(f"{folder} holds no packages; ./dev package builds them")
    return found


def base():
    """The archive of a Debian 12 as small as it comes, made once."""
    file = PACKAGES / "bookworm.tar"
    if not file.exists():
        sources = [SOURCES] if pathlib.Path(SOURCES).exists() else []
        made = file.with_suffix(".new")
        run("mmdebstrap", "--variant=minbase", "--format=tar", "bookworm", made, *sources)
        made.rename(file)
    return file


class Machine:
    """Ends with the test or the class of tests that has it, and all that runs on it."""

    def __init__(self, owner):
        clean_up = getattr(owner, "addCleanup", None) if not isinstance(owner, type) \
            else owner.addClassCleanup
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="mortise-machine-"))
        clean_up(shutil.rmtree, self.root)
        self.root.chmod(0o755)
        run("tar", "--extract", "--file", base(), "--directory", self.root, "--numeric-owner")
        for name in ("etc/resolv.conf", "etc/hosts"):
            shutil.copyfile(f"/{name}", self.root / name)
        self._process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "sh", "-c", INIT,
             self.root], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        clean_up(self._end)
        if self._process.stdout.readline() != "ready\n":
            raise AssertionError("a machine does not start; this takes root and namespaces")
        children = pathlib.Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        self._first = children.read_text().split()[0]

    def _end(self):
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()

    def command(self, *words, network=False, user=None, variables=()):
        """The words that start a command there; with `network`, in that of this system."""
        entered = ["nsenter", "--target", self._first, "--mount", "--pid",
                   *([] if network else ["--net"]), "--", "chroot", self.root]
        if user is not None:
            entered += ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups"]
        return [str(word) for word in (*entered, "env", "-i", "LC_ALL=C.UTF-8", "HOME=/root",
                                       "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
                                       "DEBIAN_FRONTEND=noninteractive", *variables, *words)]

    def run(self, *words, check=True, **how):
        return run(*self.command(*words, **how), check=check, timeout=PATIENCE)

    def outside(self, *words):
        """A program of this system in that machine's network."""
        return ["nsenter", "--target", self._first, "--net", "--", *map(str, words)]

    def install(self, *names):
        """By apt: packages of Debian's, and files of packages of ours."""
        wanted = []
        for name in names:
            if isinstance(name, pathlib.Path):
                shutil.copy(name, self.root / "var/tmp" / name.name)
                name = f"/var/tmp/{name.name}"
            wanted.append(name)
        self.run("apt-get", "update", "-q", network=True)
        return self.run("apt-get", "install", "-q", "-y", "--allow-downgrades",
                        "-o", "APT::Install-Recommends=false", *wanted, network=True)

    def write(self, path, text):
        file = self.root / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file
