# SPDX-License-Identifier: BSL-1.0
"""The timed scenarios: what is asked of every server in turn, and what is read off meanwhile."""

import contextlib
import dataclasses
import json
import statistics
import subprocess

import processes
import servers

SERVER_CORE = 0
OTHER_CORE = 1
IDLE_CONNECTIONS = 10_000


@dataclasses.dataclass(frozen=True)
class Scenario:
    title: str
    load: tuple  # options of the load generator
    load_core: int = SERVER_CORE
    closes: bool = False


TIMED = {
    "plain": Scenario("64 connections, one request at a time", ()),
    "browser": Scenario("a browser's sixteen fields", ("--mode", "browser")),
    "pipelined": Scenario("16 pipelined requests", ("--pipeline", "16")),
    "close": Scenario("a new connection for each request", ("--mode", "close"), closes=True),
    "single": Scenario("one busy connection", ("--connections", "1")),
    # Four unread answers keep the generator ahead, so that the server is what is measured.
    "two-cores": Scenario("server and generator on a core each", ("--unread", "4"), OTHER_CORE),
}


@dataclasses.dataclass(frozen=True)
class Sample:
    """One server in one round."""
    requests: int
    errors: int
    seconds: float
    on_cpu: float  # seconds that the server's process tree ran

    @property
    def rate(self):
        return self.requests / self.seconds

    @property
    def cpu_microseconds(self):
        return self.on_cpu / self.requests * 1e6 if self.requests else float("nan")

    @property
    def busy(self):
        return self.on_cpu / self.seconds


def load_command(build, server, core, *options):
    return processes.pinned(core, [str(build / "bench/load"), "--to", f"127.0.0.1:{server.port}",
                                   *options])


def sample(build, server, scenario, seconds):
    command = load_command(build, server, scenario.load_core, *scenario.load,
                           "--seconds", str(seconds))
    before = processes.on_cpu_seconds(server.process)
    ran = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                         check=False)
    totals = json.loads(ran.stdout)
    return Sample(**totals, on_cpu=processes.on_cpu_seconds(server.process) - before)


def measure(build, names, scenario, rounds, seconds):
    """Samples by server; each round visits all servers, beginning with another one each time."""
    samples = {name: [] for name in names}
    with contextlib.ExitStack() as stack:
        running = [stack.enter_context(servers.serving(name, build, SERVER_CORE, scenario.closes))
                   for name in names]
        for server in running:
            sample(build, server, scenario, seconds / 4)
        for turn in range(rounds):
            first = turn % len(running)
            for server in running[first:] + running[:first]:
                samples[server.name].append(sample(build, server, scenario, seconds))
    return samples


def is_sound(taken):
    return bool(taken) and all(one.errors == 0 and one.requests > 0 for one in taken)


def middle(taken, figure):
    """The median of a figure of the samples, None where there were errors."""
    return statistics.median(getattr(one, figure) for one in taken) if is_sound(taken) else None


def spread(taken, figure):
    """Half the distance between the extremes, as a part of the median."""
    if not is_sound(taken):
        return None
    values = [getattr(one, figure) for one in taken]
    return (max(values) - min(values)) / 2 / statistics.median(values)


def ratio(samples, name, base, figure="cpu_microseconds"):
    """The median of the rounds' own ratios, as a round's samples share the machine's mood."""
    if not (is_sound(samples.get(name)) and is_sound(samples.get(base))):
        return None
    return statistics.median(getattr(one, figure) / getattr(other, figure)
                             for one, other in zip(samples[name], samples[base]))


def idle_memory(build, name):
    """Bytes of user memory that an open connection costs which has had its answer."""
    with servers.serving(name, build, SERVER_CORE) as server:
        warm = load_command(build, server, OTHER_CORE, "--requests", "2000")
        subprocess.run(warm, stdout=subprocess.DEVNULL, check=True)
        before = processes.private_bytes(server.process)
        command = load_command(build, server, OTHER_CORE, "--mode", "idle",
                               "--connections", str(IDLE_CONNECTIONS))
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              text=True) as holder:
            totals = json.loads(holder.stdout.readline())
            after = processes.private_bytes(server.process)
            holder.stdin.close()
        if totals["errors"]:
            raise processes.BenchError(f"{name} does not hold {IDLE_CONNECTIONS} connections")
    return (after - before) / IDLE_CONNECTIONS
