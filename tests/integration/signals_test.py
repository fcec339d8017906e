# SPDX-License-Identifier: BSL-1.0
"""Being told to stop: what is in flight is finished, and nothing new is begun."""

import pathlib
import signal
import subprocess
import time
import unittest

import clients
import hosts

HALF = clients.get("/echo", "Content-Length: 8", method="POST") + b"half"


class Signals(unittest.TestCase):
    def begin(self, host, *requests):
        """A client that the host has answered before, and that has sent more."""
        client = clients.Client(host)
        client.send(clients.get("/echo")).answer()
        return client.send(b"".join(requests))

    def told_to_stop(self, host, number=signal.SIGTERM):
        """Sends the signal, and waits until every loop has heard of it."""
        idle = [clients.Client(host) for _ in range(64)]  # spread by the kernel over the loops
        for client in idle:
            client.send(clients.get("/echo")).answer()
        host.signal(number)
        for client in idle:
            self.assertEqual(client.rest(), b"")

    def test_ends_at_once_where_nothing_is_in_flight(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            host = hosts.Host(self)
            host.signal(number)
            self.assertEqual(host.wait_for_end(), 0)
            self.assertIn(f"signal={signal.Signals(number).name[3:]}", "\n".join(host.err.rest()))
            self.assertRegex(host.err.rest()[-1], " info stopped$")

    def test_obeys_what_came_while_it_started_once_it_serves(self):
        folder = hosts.plugin_folder(self, "greeting", "waits_in_create")
        gate = folder / "gate"
        host = subprocess.Popen(
            [hosts.PROGRAM, "run", "--plugins", folder, "--listen", "127.0.0.1:0", "--set",
             f"waits-in-create.until={gate}", "--no-watch"], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.addCleanup(host.stderr.close)
        self.addCleanup(host.wait)
        self.addCleanup(host.kill)
        children = pathlib.Path(f"/proc/{host.pid}/task/{host.pid}/children")
        end = time.monotonic() + hosts.PATIENCE
        while time.monotonic() < end and (not children.read_text().split()
                                          or hosts.is_running(host.pid)):
            time.sleep(0.002)
        host.send_signal(signal.SIGHUP)
        gate.touch()
        said = ""
        while "no plugin has changed" not in said:
            line = host.stderr.readline()
            self.assertNotEqual(line, "", said)
            said += line
        self.assertIn("plugin loaded id=waits-in-create", said)

    def test_finishes_what_is_in_flight(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            host = hosts.Host(self, plugins=["echo"])
            clients_in_flight = [self.begin(host, HALF) for _ in range(8)]
            self.told_to_stop(host, number)
            for client in clients_in_flight:
                answer = client.send(b"full").answer()
                self.assertEqual((answer.status, answer.content), (200, b"halffull"))
                self.assertEqual(answer.fields["connection"], "close")
                self.assertEqual(client.rest(), b"")
            self.assertEqual(host.wait_for_end(), 0)

    def test_answers_a_request_that_came_with_the_signal(self):
        host = hosts.Host(self, "--workers", "1", plugins=["echo"])
        held = self.begin(host, HALF)
        client = self.begin(host, clients.get("/echo"))
        host.signal()
        self.assertEqual(client.answer().status, 200)
        self.assertEqual(client.rest(), b"")
        held.send(b"full")
        self.assertEqual(host.wait_for_end(), 0)

    def test_finishes_a_head_that_is_half_there(self):
        host = hosts.Host(self, "--workers", "1", plugins=["echo"])
        client = self.begin(host, clients.get("/echo")[:20])
        self.told_to_stop(host)
        answer = client.send(clients.get("/echo")[20:]).answer()
        self.assertEqual((answer.status, answer.fields["connection"]), (200, "close"))
        self.assertEqual(host.wait_for_end(), 0)

    def test_refuses_new_connections_meanwhile(self):
        host = hosts.Host(self, plugins=["echo"])
        client = self.begin(host, HALF)
        self.told_to_stop(host)
        with self.assertRaises(ConnectionRefusedError):
            clients.Client(host)
        client.send(b"full").answer()
        self.assertEqual(host.wait_for_end(), 0)

    def test_stops_at_once_at_a_second_signal(self):
        host = hosts.Host(self, plugins=["echo"])
        client = self.begin(host, HALF)
        self.told_to_stop(host)
        host.signal()
        self.assertEqual(host.wait_for_end(), 1)
        self.assertTrue(client.is_gone())
        self.assertIn("a second signal came", "\n".join(host.err.rest()))

    def test_cuts_off_what_outlasts_the_drain_timeout(self):
        host = hosts.Host(self, "--drain-timeout", "200ms", plugins=["never_replies", "echo"])
        halves = [self.begin(host, HALF), self.begin(host, clients.get("/fault"))]
        host.signal()
        self.assertEqual(host.wait_for_end(), 1)
        for client in halves:
            self.assertTrue(client.is_gone())
        self.assertIn("the drain timeout is over", "\n".join(host.err.rest()))

    def test_lets_plugins_leave_in_order(self):
        host = hosts.Host(self, "--workers", "2", plugins=["sound"])
        host.stop()
        steps = [line.split()[2] for line in host.err.rest() if "plugin=sound" in line]
        self.assertEqual(steps, ["configure", "start", "loop_start", "loop_start", "quiesce",
                                 "loop_stop", "loop_stop", "destroy"])


if __name__ == "__main__":
    unittest.main()
