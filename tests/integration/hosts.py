# SPDX-License-Identifier: BSL-1.0
"""The real host as its operator has it: a command line, plugins, lines, signals and an end."""

import contextlib
import io
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time

BUILD = pathlib.Path(os.environ["MORTISE_BUILD"])
PROGRAM = str(BUILD / "bin/mortise")
SANITIZER = os.environ.get("MORTISE_SANITIZER", "")  # "address", "thread"; empty: none
IS_SANITIZED = SANITIZER != ""
HAPROXY = shutil.which("haproxy") or "/usr/sbin/haproxy"  # which not every user's PATH has
PATIENCE = 120  # seconds for what must happen; only a fault waits so long

# Hosts put their copies of plugins there. Each test has its own, for a start tells of what killed
# hosts have left, and those of a test beside this one are none of its lines.
_runtime = tempfile.TemporaryDirectory(prefix="mortise-runtime-")
os.environ["XDG_RUNTIME_DIR"] = _runtime.name


def plugin_file(name):
    """Where the build put a shipped plugin, an example or a faulty one; a path is one already."""
    if isinstance(name, pathlib.Path):
        return name
    for folder in ("plugins", "examples", "tests/plugins"):
        file = BUILD / folder / f"{name}.so"
        if file.exists():
            return file
    raise FileNotFoundError(f"the build has no {name}.so; build all of it first")


def is_built(name):
    try:
        return plugin_file(name).exists()
    except FileNotFoundError:
        return False


def plugin_folder(test, *names):
    """A folder with copies of the plugins, which only this user may write."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mortise-"))
    test.addCleanup(shutil.rmtree, folder)
    for name in names:
        file = plugin_file(name)
        shutil.copyfile(file, folder / file.name)
        (folder / file.name).chmod(0o644)
    return folder


def open_files(process):
    """What a process's descriptors stand for; those that are closed meanwhile are left out."""
    files = []
    for link in pathlib.Path(f"/proc/{process}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            files.append(os.readlink(link))
    return files


def is_running(process):
    """Whether its control thread is doing something, rather than waiting, halted or gone."""
    try:
        status = pathlib.Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] == "R"


def run_to_end(*arguments, under=(), inherit=()):
    """A run of the program that must end by itself; `under` and `inherit` as a host has them."""
    return subprocess.run([*under, PROGRAM, *map(str, arguments)], stdin=subprocess.DEVNULL,
                          pass_fds=[each.fileno() for each in inherit],
                          capture_output=True, text=True, timeout=PATIENCE, check=False)


class Lines:
    """What a process writes to one pipe, line by line, as it comes."""

    def __init__(self, pipe, news):
        self._lines = []
        self._news = news
        self.is_over = False
        self._thread = threading.Thread(target=self._read, args=(pipe,), daemon=True)
        self._thread.start()

    def _read(self, pipe):
        with pipe:
            for line in pipe:
                with self._news:
                    self._lines.append(line.decode("utf-8", "surrogateescape").rstrip("\n"))
                    self._news.notify_all()
        with self._news:
            self.is_over = True
            self._news.notify_all()

    def all(self):
        with self._news:
            return list(self._lines)

    def rest(self):
        """All lines, once the process has closed its end."""
        self._thread.join(PATIENCE)
        return self.all()


class Host:
    """A serving host. Ends with the test, by TERM and with exit code 0, unless it has ended.

    `config`: its configuration, in the place of a plugin folder and an address. `under`: the words
    of a program that starts it. `inherit`: the sockets that this one gets."""

    def __init__(self, test, *options, plugins=("greeting",), folder=None, listen="127.0.0.1:0",
                 config=None, under=(), inherit=(), stdout=subprocess.PIPE):
        self.test = test
        if config is None:
            self.folder = folder or plugin_folder(test, *plugins)
            options = ["--plugins", self.folder, "--listen", listen, *options]
        else:
            options = ["--config", config, *options]
        command = [*under, PROGRAM, "run", *options]
        self.process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL,
                                        pass_fds=[each.fileno() for each in inherit],
                                        stdout=stdout, stderr=subprocess.PIPE)
        test.addCleanup(self._clean_up)
        self._news = threading.Condition()
        self.out = Lines(self.process.stdout or io.BytesIO(), self._news)
        self.err = Lines(self.process.stderr, self._news)
        self.url = self.wait_for_line(r"^Server started at (\S+)$").group(1)
        found = re.match(r"http://\[?([^\]]+?)\]?:(\d+)/$", self.url)
        self.address, self.port = found.groups() if found else (None, None)

    def wait_for_line(self, pattern):
        """The match in the first line, of either pipe, that fits."""
        def find():
            found = [re.search(pattern, line) for line in self.out.all() + self.err.all()]
            return next(filter(None, found), None) or (self.out.is_over and self.err.is_over)

        with self._news:
            found = self._news.wait_for(find, PATIENCE)
        if not isinstance(found, re.Match):
            self.test.fail(f"no line fits {pattern!r}:\n" + "\n".join(self.err.all()))
        return found

    def wait_until(self, holds):
        """Until what no line tells of is so."""
        end = time.monotonic() + PATIENCE
        while not holds():
            if time.monotonic() > end:
                self.test.fail("it did not come to that:\n" + "\n".join(self.err.all()))
            time.sleep(0.002)

    def signal(self, number=signal.SIGTERM):
        """Signals the host once its control thread waits for that: the thread sanitizer loses a
        signal that comes between the start line and the wait."""
        while is_running(self.process.pid):
            time.sleep(0.001)
        self.process.send_signal(number)

    def open_files(self):
        return open_files(self.process.pid)

    def wait_for_end(self):
        """The exit code."""
        return self.process.wait(PATIENCE)

    def stop(self):
        """Asks the host to end, and sees that it had nothing to cut off."""
        self.signal()
        self.test.assertEqual(self.wait_for_end(), 0, "\n".join(self.err.rest()))

    def _clean_up(self):
        try:
            if self.process.poll() is None:
                self.stop()
        finally:
            self.process.kill()
            self.process.wait()
            self.out.rest()
            self.err.rest()
