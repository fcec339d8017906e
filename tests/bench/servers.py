# SPDX-License-Identifier: BSL-1.0
"""The servers under measurement: how each is started for the same job, with one worker.

`GET /Ada` is answered by `Hello, Ada!` and a newline as text/plain on a kept connection, without an
access log, and ours without metrics of requests. A server is a function from a place to its command line; it may write into its scratch.
"""

import contextlib
import dataclasses
import pathlib
import shutil
import subprocess
import tempfile
import typing

import processes

PROGRAMS = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin"
PEERS = pathlib.Path(__file__).parent / "peers"


@dataclasses.dataclass
class Place:
    """Where a server runs."""
    build: pathlib.Path
    port: int
    scratch: pathlib.Path
    closes: bool = False  # the load asks for Connection: close, which the limit cannot read

    def fill(self, name):
        """A peer's configuration with its port and directory put in, written to the scratch."""
        text = (PEERS / name).read_text()
        text = text.replace("@PORT@", str(self.port)).replace("@SCRATCH@", str(self.scratch))
        target = self.scratch / name
        target.write_text(text)
        return str(target)


def limit(place):
    return [str(place.build / "bench/limit"), "--port", str(place.port),
            *(["--close"] if place.closes else [])]


def mortise(place, *more, access_log="off", plugins="plugins"):
    return [str(place.build / "bin/mortise"), "run", "--listen", f"127.0.0.1:{place.port}",
            "--plugins", str(place.build / plugins), "--workers", "1",
            "--access-log", access_log, "--no-watch", "--no-probe", *(more or ["--no-metrics"])]


def mortise_observed(place):
    """With an access log in a file, and metrics."""
    return mortise(place, "--access-log-file", str(place.scratch / "access.log"),
                   access_log="combined")


def mortise_with_coroutines(place):
    return mortise(place, plugins="bench/plugins")


def nginx(place):
    return [which("nginx"), "-p", str(place.scratch), "-e", "stderr", "-c",
            place.fill("nginx.conf")]


def h2o(place):
    (place.scratch / "Ada").write_text("Hello, Ada!\n")
    return [which("h2o"), "-c", place.fill("h2o.conf")]


def kore(place):
    module = place.scratch / "greeting.so"
    subprocess.run(["cc", "-O2", "-fPIC", "-shared", "-o", str(module),
                    str(PEERS / "kore_greeting.c")], check=True)
    return [which("kore"), "-f", "-n", "-r", "-q", "-c", place.fill("kore.conf")]


def aiohttp(place):
    return ["/usr/bin/python3", str(PEERS / "aiohttp_greeting.py"), str(place.port)]


OURS = {"limit": limit, "mortise": mortise, "mortise+observed": mortise_observed,
        "mortise+coroutine": mortise_with_coroutines}
OTHERS = {"nginx": nginx, "h2o": h2o, "kore": kore, "aiohttp": aiohttp}
ALL = {**OURS, **OTHERS}


def which(program):
    found = shutil.which(program, path=PROGRAMS)
    if found is None:
        raise processes.BenchError(f"{program} is not installed")
    return found


def is_present(name, build):
    if name == "aiohttp":
        return subprocess.run(["/usr/bin/python3", "-c", "import aiohttp"],
                              capture_output=True, check=False).returncode == 0
    if name in OTHERS:
        needed = [name, "cc"] if name == "kore" else [name]
        return all(shutil.which(program, path=PROGRAMS) for program in needed)
    return (build / ("bench/limit" if name == "limit" else "bin/mortise")).exists()


@dataclasses.dataclass
class Server:
    """One that answers now."""
    name: str
    process: int
    port: int
    output: pathlib.Path
    end: typing.Callable[[], None]  # early, to read what it writes at its end


@contextlib.contextmanager
def serving(name, build, core, closes=False, under=()):
    """Runs the named server pinned to a core.

    `under` is a command put in front of it, say valgrind; it finds the scratch as @SCRATCH@.
    """
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        scratch = pathlib.Path(directory)
        scratch.chmod(0o755)
        place = Place(build, processes.free_port(), scratch, closes)
        before = [argument.replace("@SCRATCH@", directory) for argument in under]
        command = processes.pinned(core, [*before, *ALL[name](place)])
        output = scratch / "output"
        with processes.running(command, place.port, output) as process:
            yield Server(name, process.pid, place.port, output,
                         lambda: processes.stop(process))
