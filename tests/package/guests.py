# SPDX-License-Identifier: BSL-1.0
"""Hosts on a machine, who asks them, and the service manager that they talk to."""

import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import threading
import time

import machines

# GET by a program of this system in the machine's network; it may have to wait for nobody.
ASK = """
import sys, urllib.request
with urllib.request.urlopen(sys.argv[1], timeout=120) as answer:
    sys.stdout.write(answer.read().decode())
"""


def get(machine, url):
    return machines.run(*machine.outside("python3", "-c", ASK, url))


class Host:
    """Ends with the test, by TERM and with exit code 0."""

    def __init__(self, test, machine, *words, **how):
        self.test, self.machine = test, machine
        self._start(machine.command(*words, **how))
        self.url = self.wait_for_line(r"^Server started at (\S+)$").group(1)

    def _start(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True)
        self.test.addCleanup(self._clean_up)
        self.lines = []
        self._news = threading.Condition()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        with self.process.stdout as pipe:
            for line in pipe:
                with self._news:
                    self.lines.append(line.rstrip("\n"))
                    self._news.notify_all()
        with self._news:
            self.lines.append("-- end")
            self._news.notify_all()

    def wait_for_line(self, pattern):
        def find():
            return next(filter(None, (re.search(pattern, line) for line in self.lines)), None) or \
                "-- end" in self.lines

        with self._news:
            found = self._news.wait_for(find, machines.PATIENCE)
        if not isinstance(found, re.Match):
            self.test.fail(f"no line fits {pattern!r}:\n" + "\n".join(self.lines))
        return found

    def wait_until(self, holds):
        """Until what no line tells of is so."""
        end = time.monotonic() + machines.PATIENCE
        while not holds():
            if time.monotonic() > end:
                self.test.fail("it did not come to that:\n" + "\n".join(self.lines))
            time.sleep(0.01)

    def get(self, path):
        return get(self.machine, self.url.rstrip("/") + path)

    def _signal(self, number):
        """To the host itself, which is the only child of the process that entered the machine."""
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        for child in children.read_text().split():
            os.kill(int(child), number)

    def stop(self):
        self._signal(signal.SIGTERM)
        self.test.assertEqual(self.process.wait(machines.PATIENCE), 0, "\n".join(self.lines))

    def _clean_up(self):
        if self.process.poll() is None:
            self._signal(signal.SIGKILL)
        self.process.wait()


class Activated(Host):
    """A host that the first connection starts, by the socket of a socket unit, as its own user."""

    def __init__(self, test, machine, manager, name):
        self.test, self.machine = test, machine
        words = ["systemd-socket-activate", "--listen=127.0.0.1:8080", f"--fdname={name}",
                 f"--setenv=NOTIFY_SOCKET={manager.name}", "setpriv", "--reuid=mortise",
                 "--regid=mortise", "--init-groups", "mortise", "run", "--listen", f"systemd:{name}"]
        self._start(machine.command(*words))
        self.wait_for_line("Listening on 127.0.0.1:8080")


class Manager:
    """The other end of NOTIFY_SOCKET, on a machine, where every user may write to it."""

    def __init__(self, test, machine):
        self.name = "/var/tmp/notify.sock"
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        test.addCleanup(self.socket.close)
        file = machine.root / self.name.lstrip("/")
        file.unlink(missing_ok=True)
        self.socket.bind(str(file))
        file.chmod(0o666)
        self.socket.settimeout(machines.PATIENCE)

    def next(self):
        return self.socket.recv(4096).decode()


class Load:
    """Requests without a pause from a machine's network, on connections that are kept and on one
    each, until it is told to end."""

    def __init__(self, test, machine, url):
        script = machines.TREE / "tests/package/load.py"
        self.process = subprocess.Popen(machine.outside("python3", "-B", script, url),
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        test.addCleanup(self.process.kill)
        test.assertEqual(self.process.stdout.readline(), "under way\n")

    def end(self):
        """{"answers": …, "faults": [texts]}."""
        told, _ = self.process.communicate("", machines.PATIENCE)
        return json.loads(told)
