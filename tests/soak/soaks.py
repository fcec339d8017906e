# SPDX-License-Identifier: BSL-1.0
"""What the soaks share: which form runs, a host's memory, and many connections at once."""

import os
import pathlib
import re
import resource
import selectors
import subprocess
import time

import clients
import hosts

IS_LONG = os.environ.get("MORTISE_SOAK") == "long"
ASKER = hosts.BUILD / "tests/asker"


def form(short, long):
    """Of two sizes that of this run: ctest runs the short form, `./dev soak` the long one."""
    return long if IS_LONG else short


def allow_descriptors(count):
    """So that this process, and a host that it starts, may have that many connections."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(count + 1000, hard), hard))


def memory(host, line="VmRSS"):
    """Bytes of the host in memory; of VmHWM, the most since forget_peak()."""
    status = pathlib.Path(f"/proc/{host.process.pid}/status").read_text()
    return 1024 * int(re.search(rf"{line}:\s+(\d+) kB", status)[1])


def forget_peak(host):
    pathlib.Path(f"/proc/{host.process.pid}/clear_refs").write_text("5")


def ask(host, path):
    return clients.parse(clients.curl(host, path)).content.decode()


def wait_until(test, condition):
    """Asks again until it holds; only a fault lets the patience run out."""
    end = time.monotonic() + hosts.PATIENCE
    while not condition():
        if time.monotonic() > end:
            test.fail("what must come about did not")


def readable(crowd, until):
    """Each client of the crowd whenever it has bytes, until the monotonic time."""
    with selectors.DefaultSelector() as ready:
        for client in crowd:
            ready.register(client.socket, selectors.EVENT_READ, client)
        while (left := until - time.monotonic()) > 0:
            for key, _ in ready.select(left):
                yield key.data


class Askers:
    """Connections that ask until end(), judged by a program of their own."""

    def __init__(self, test, host, *connections):
        self._process = subprocess.Popen([ASKER, host.port, *connections], text=True,
                                         stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        test.addCleanup(self._process.kill)

    def end(self):
        """What each connection counted, and all of them."""
        said, _ = self._process.communicate(timeout=hosts.PATIENCE)
        counted = {}
        for number, line in enumerate(said.splitlines()):
            path = line.split(maxsplit=1)[0]
            values = {key: int(value) for key, value in re.findall(r"(\w+)=(\d+)", line)}
            values["told"] = line
            counted["all" if path == "all" else f"{path} {number}"] = values
        return counted


def judge(test, counted, may_reconnect=False):
    """That no answer was wrong or lost, and no connection closed that is kept."""
    for values in counted.values():
        test.assertEqual(values["faults"], 0, values["told"])
        if not may_reconnect:
            test.assertEqual(values.get("reconnects", 0), 0, values["told"])
