# SPDX-License-Identifier: BSL-1.0
"""Three hosts behind HAProxy, restarted and upgraded one after the other under load: nothing fails."""

import signal
import socket
import subprocess
import time
import unittest

import hosts
import soaks
import upgrades

# What an operator would write: the first words of each server are its address.
CONFIGURATION = """
global
    stats socket {stats} mode 600 level admin
defaults
    mode http
    timeout connect 5s
    timeout client 60s
    timeout server 60s
    timeout http-keep-alive 60s
    retries 3
    option redispatch
    http-reuse safe
    option httpchk
    http-check send meth GET uri /readyz ver HTTP/1.1 hdr Host localhost
    default-server check inter 100ms fall 2 rise 1
frontend web
    bind fd@{frontend}
    default_backend hosts
backend hosts
    balance roundrobin
{servers}
"""


class Node:
    """A place in the row: a host after the other, always at the same ports."""

    def __init__(self, test, name):
        self.test, self.name = test, name
        self.folder = hosts.plugin_folder(test, "greeting")
        self.control = self.folder / "control.sock"
        self.start("127.0.0.1:0", "127.0.0.1:0")
        found = self.host.wait_for_line(r"listening for commands at=http://127.0.0.1:(\d+)/")
        self.port, self.admin = self.host.port, found.group(1)

    def start(self, listen, admin):
        self.host = hosts.Host(self.test, "--workers", "1", "--no-watch", "--drain-delay", "1s",
                               "--control", self.control, "--admin-listen", admin,
                               listen=listen, folder=self.folder)
        self.process = self.host.process.pid

    def restart(self):
        if self.process == self.host.process.pid:
            self.host.stop()
        else:
            self.host.wait_for_end()
            upgrades.end(self.process)
        self.start(f"127.0.0.1:{self.port}", f"127.0.0.1:{self.admin}")

    def upgrade(self):
        self.process = upgrades.upgrade(self.test, self.control, self.host)

    def line(self):
        return f"    server {self.name} 127.0.0.1:{self.port} port {self.admin}"


class Rolling(unittest.TestCase):
    rounds = soaks.form(1, 6)
    requests = soaks.form(0, 500_000)

    LOAD = ("/Ada:0:keep",) * 8 + ("/Ada:0:fresh",) * 2

    def balance(self):
        folder = hosts.plugin_folder(self)
        self.stats = folder / "stats.sock"
        with socket.create_server(("127.0.0.1", 0), backlog=1024) as frontend:
            self.port = str(frontend.getsockname()[1])
            file = folder / "haproxy.cfg"
            file.write_text(CONFIGURATION.format(
                stats=self.stats, frontend=frontend.fileno(),
                servers="\n".join(node.line() for node in self.nodes)))
            balancer = subprocess.Popen([hosts.HAPROXY, "-db", "-f", file], pass_fds=[frontend.fileno()],
                                        stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(balancer.wait, hosts.PATIENCE)
        self.addCleanup(balancer.send_signal, signal.SIGTERM)
        for node in self.nodes:
            self.wait_until_up(node)

    def told(self):
        """The lines of `show stat`, as columns."""
        with socket.socket(socket.AF_UNIX) as to:
            try:
                to.connect(str(self.stats))
            except OSError:
                return [] # it is not there yet
            to.sendall(b"show stat\n")
            text = b""
            while piece := to.recv(1 << 16):
                text += piece
        return [line.split(",") for line in text.decode().splitlines()]

    def wait_until_up(self, node):
        soaks.wait_until(self, lambda: any(
            line[:2] == ["hosts", node.name] and line[17] == "UP" for line in self.told()
            if len(line) > 17))

    def test_loses_nothing(self):
        self.nodes = [Node(self, name) for name in ("one", "two", "three")]
        self.balance()
        askers = soaks.Askers(self, self, *self.LOAD)
        begin = time.monotonic()
        for step in [Node.restart] * self.rounds + [Node.upgrade] * self.rounds:
            for node in self.nodes:
                step(node)
                self.wait_until_up(node)
        for node in self.nodes:
            node.host.wait_for_end() # the last one that was upgraded has given all it had
        while soaks.IS_LONG and self.answered() < self.requests:
            time.sleep(0.1)
        seconds = time.monotonic() - begin
        counted = askers.end()
        total = counted["all"]
        print(f"{self.rounds} rolling restarts and {self.rounds} rolling upgrades of 3 hosts in "
              f"{seconds:.1f} s, {total['answers']} answers, {total['faults']} failed")
        soaks.judge(self, counted, may_reconnect=True)
        self.assertGreater(total["answers"], self.requests)

    def answered(self):
        """Requests of the frontend, as HAProxy counts them."""
        heads, *rows = self.told()
        column = heads.index("req_tot")
        return next(int(row[column]) for row in rows if row[:2] == ["web", "FRONTEND"])


if __name__ == "__main__":
    unittest.main()
