# SPDX-License-Identifier: BSL-1.0
"""What one more request costs in things that are counted: instructions, system calls, allocations.

Each figure is the difference of two runs that differ in their number of requests alone, divided by
the difference of those numbers, so that starting, connecting and ending cancel out.
"""

import collections
import json
import re
import signal
import subprocess

import callgrind
import processes
import servers

SERVER_CORE = 0
CONNECTIONS = 64


def ask(build, server, requests, mode="plain"):
    """Sends an exact number of requests over 64 connections and wants each of them answered."""
    command = [str(build / "bench/load"), "--to", f"127.0.0.1:{server.port}", "--seconds", "120",
               "--requests", str(requests), "--connections", str(CONNECTIONS), "--mode", mode]
    ran = subprocess.run(processes.pinned(SERVER_CORE, command), stdout=subprocess.PIPE,
                         text=True, check=False)
    totals = json.loads(ran.stdout)
    if totals["requests"] != requests or totals["errors"] != 0:
        raise processes.BenchError(f"{server.name}: {requests} requests asked, got {totals}")


def marginal(count, few, many):
    return (count(many) - count(few)) / (many - few)


def instructions(name, build, few=2000, many=12000, mode="plain"):
    """Instructions in user space per request: a Counter by callgrind.Site."""
    def count(requests):
        with servers.serving(name, build, SERVER_CORE, under=[
                "valgrind", "--tool=callgrind", "--compress-strings=no",
                "--compress-pos=no", "--callgrind-out-file=@SCRATCH@/callgrind.%p"]) as server:
            ask(build, server, requests, mode)
            server.end()
            profiles = server.output.parent.glob("callgrind.*")
            return sum((callgrind.read(profile) for profile in profiles), collections.Counter())

    difference = count(many)
    difference.subtract(count(few))
    return collections.Counter({site: cost / (many - few) for site, cost in difference.items()})


def allocations(name, build, few=2000, many=12000):
    """Heap allocations per request."""
    def count(requests):
        with servers.serving(name, build, SERVER_CORE, under=[
                "valgrind", "--tool=memcheck", "--trace-children=yes", "--leak-check=no",
                "--undef-value-errors=no", "--log-file=@SCRATCH@/memcheck.%p"]) as server:
            ask(build, server, requests)
            server.end()
            logs = [log.read_text() for log in server.output.parent.glob("memcheck.*")]
        found = [re.search(r"total heap usage: ([\d,]+) allocs", log) for log in logs]
        return sum(int(match[1].replace(",", "")) for match in found if match)

    return marginal(count, few, many)


def system_calls(name, build, few=5000, many=25000):
    """System calls per request, and which they are."""
    def count(server, requests):
        table = server.output.parent / "strace"
        tree = processes.tree(server.process)
        attach = [argument for process in tree for argument in ("-p", str(process))]
        strace = subprocess.Popen(["strace", "-c", "-f", "-o", str(table), *attach],
                                  stderr=subprocess.PIPE, text=True)
        for _ in tree:
            line = strace.stderr.readline()
            if "attached" not in line:
                raise processes.BenchError(f"strace: {line.strip()}")
        ask(build, server, requests)
        strace.send_signal(signal.SIGINT)
        strace.communicate(timeout=processes.STOP_SECONDS)
        return read_strace(table.read_text())

    with servers.serving(name, build, SERVER_CORE) as server:
        difference = count(server, many)
        difference.subtract(count(server, few))
    return {call: calls / (many - few) for call, calls in difference.items()}


def read_strace(table):
    """Calls by name from the table of `strace -c`."""
    calls = collections.Counter()
    for line in table.splitlines():
        words = line.split()
        if len(words) >= 5 and words[3].isdigit() and words[-1] != "total":
            calls[words[-1]] += int(words[3])
    return calls
