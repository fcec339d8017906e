# SPDX-License-Identifier: BSL-1.0
"""HAProxy before three hosts, which are restarted one after the other: its clients notice nothing."""

import pathlib
import socket
import subprocess
import tempfile
import unittest

import hosts
import soaks


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


class Member:
    """One place behind the proxy, at which one host after the other serves."""

    def __init__(self, test, folder):
        self.test = test
        self.port = free_port()
        self.admin = free_port()
        self.control = folder / f"control-{self.port}.sock"
        self.plugins = hosts.plugin_folder(test, "greeting")
        self.start()

    def start(self):
        self.host = hosts.Host(
            self.test, "--workers", 1, "--admin-listen", f"127.0.0.1:{self.admin}",
            "--control", self.control, "--drain-delay", "1s", folder=self.plugins,
            listen=f"127.0.0.1:{self.port}")

    def restart(self):
        self.host.stop()
        self.start()


class Rolling(unittest.TestCase):
    rounds = soaks.form(1, 6)
    requests = soaks.form(0, 500_000)
    LOAD = ("/Ada:0:keep", "/Bo:0:keep", "/Cy:0:fresh", "/Di:0:fresh")

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mortise-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.members = [Member(self, self.folder) for _ in range(3)]
        self.begin_proxy()

    def begin_proxy(self):
        """As an operator has it: its checks ask /readyz, faster than `shutdown.delay` is over."""
        self.stats = self.folder / "stats.sock"
        servers = "\n".join(
            f"    server host{at} 127.0.0.1:{each.port} check port {each.admin}"
            for at, each in enumerate(self.members))
        with socket.create_server(("127.0.0.1", 0)) as front:
            self.port = front.getsockname()[1]
            file = self.folder / "haproxy.cfg"
            file.write_text(f"""
global
    stats socket {self.stats}
    maxconn 200
defaults
    mode http
    timeout connect 5s
    timeout client 60s
    timeout server 60s
    retries 3
    option redispatch
    retry-on conn-failure empty-response
frontend front
    bind fd@{front.fileno()}
    default_backend back
backend back
    option httpchk GET /readyz
    http-check send hdr Host localhost
    default-server inter 100ms fall 2 rise 1
{servers}
""")
            self.proxy = subprocess.Popen(["haproxy", "-db", "-q", "-f", str(file)],
                                          stdin=subprocess.DEVNULL, pass_fds=[front.fileno()])
        self.addCleanup(self.end_proxy)
        self.wait_until_all_are_up()

    def end_proxy(self):
        self.proxy.terminate()
        self.proxy.wait(hosts.PATIENCE)

    def states(self):
        try:
            with socket.socket(socket.AF_UNIX) as asking:
                asking.connect(str(self.stats))
                asking.sendall(b"show stat\n")
                said = asking.makefile().read()
        except (FileNotFoundError, ConnectionRefusedError):
            return []
        rows = [line.split(",") for line in said.splitlines()]
        return [row[17] for row in rows if row[:1] == ["back"] and row[1].startswith("host")]

    def wait_until_all_are_up(self):
        soaks.wait_until(self, lambda: self.states() == ["UP"] * 3)

    def roll(self, change, name):
        proxied = type("Proxied", (), {"port": str(self.port)})
        askers = soaks.Askers(self, proxied, *self.LOAD)
        for _ in range(self.rounds):
            for member in self.members:
                change(member)
                self.wait_until_all_are_up()
        counted = askers.end()
        total = counted["all"]
        print(f"{self.rounds} rolling {name} of 3 hosts behind HAProxy: {total['answers']} answers, "
              f"{total['faults']} failed; longest gap between answers {total['gap_us'] / 1000:.1f} ms")
        for values in counted.values():
            self.assertEqual(values["faults"], 0, values["told"])
        self.assertGreaterEqual(total["answers"], self.requests)

    def test_restarts_lose_nothing(self):
        self.roll(Member.restart, "restarts")


if __name__ == "__main__":
    unittest.main()
