# SPDX-License-Identifier: BSL-1.0
"""A server as the kernel sees it: started, pinned, its time and memory read, stopped."""

import contextlib
import http.client
import os
import pathlib
import signal
import socket
import subprocess
import time

START_SECONDS = 60  # valgrind needs some of them
STOP_SECONDS = 20


class BenchError(Exception):
    """What went wrong, in one line for the person who started the measurement."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def pinned(core, command):
    return ["taskset", "-c", str(core), *command]


def tree(root):
    """The process and all that it started, as process ids."""
    children = {}
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            after_name = stat.read_text().rpartition(")")[2].split()
            children.setdefault(int(after_name[1]), []).append(int(stat.parent.name))
    found = [root]
    for process in found:
        found += children.get(process, [])
    return found


def on_cpu_seconds(root):
    """Time that all threads of the tree have run, user and kernel, as the scheduler counts it."""
    total = 0
    for process in tree(root):
        for schedstat in pathlib.Path(f"/proc/{process}/task").glob("*/schedstat"):
            with contextlib.suppress(OSError):
                total += int(schedstat.read_text().split()[0])
    return total / 1e9


def private_bytes(root):
    """User memory that the tree has written and shares with nobody."""
    total = 0
    for process in tree(root):
        for line in pathlib.Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Private_Dirty:"):
                total += int(line.split()[1]) * 1024
    return total


def answers(port):
    """Whether the greeting comes back; False while nobody listens."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
    try:
        connection.request("GET", "/Ada", headers={"Connection": "close"})
        content = connection.getresponse().read()
    except ConnectionRefusedError:
        return False
    finally:
        connection.close()
    if content != b"Hello, Ada!\n":
        raise BenchError(f"port {port} answers {content[:60]!r}, not the greeting")
    return True


def stop(process):
    """Asks the process to end, then makes its whole group end."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(STOP_SECONDS)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextlib.contextmanager
def running(command, port, output):
    """Runs a server, in a process group of its own; the block begins at its first right answer."""
    with open(output, "wb") as sink:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=sink,
                                   stderr=subprocess.STDOUT, start_new_session=True)
    try:
        deadline = time.monotonic() + START_SECONDS
        while not answers(port):
            if process.poll() is not None or time.monotonic() > deadline:
                said = pathlib.Path(output).read_text(errors="replace").strip()
                raise BenchError(f"{' '.join(command)} does not listen: {said[-400:]}")
            time.sleep(0.02)
        yield process
    finally:
        stop(process)
