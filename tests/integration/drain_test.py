# SPDX-License-Identifier: BSL-1.0
"""The time between being told to stop and closing the door: who comes meanwhile is served."""

import json
import signal
import unittest

import clients
import hosts

HALF = clients.get("/echo", "Content-Length: 8", method="POST") + b"half"


class Drain(unittest.TestCase):
    def serve(self, delay, *options):
        self.folder = hosts.plugin_folder(self)
        self.control = self.folder / "control.sock"
        self.host = hosts.Host(self, "--workers", "2", "--drain-delay", delay, "--control",
                               self.control, *options, plugins=["echo"])

    def state(self):
        """The status of /readyz, and the state that /status tells."""
        return self.ask("/readyz").status, json.loads(self.ask("/status").content)["state"]

    def ask(self, path):
        return clients.parse(clients.curl(self.host, path, "--unix-socket", self.control))

    def told_to_stop(self):
        self.assertEqual(self.state(), (200, "serving"))
        self.host.signal()
        self.host.wait_until(lambda: self.state() == (503, "draining"))

    def wind_down(self, client):
        """Asks until the loop of that connection has heard of it, and says so."""
        answer = client.send(clients.get("/echo")).answer()
        while "connection" not in answer.fields:
            answer = client.send(clients.get("/echo")).answer()
        return answer

    def test_serves_newcomers_and_asks_them_to_go_elsewhere(self):
        self.serve("1h")
        self.told_to_stop()
        for _ in range(16): # on both loops
            client = clients.Client(self.host)
            answer = self.wind_down(client)
            self.assertEqual((answer.status, answer.fields["connection"]), (200, "close"))
            self.assertEqual(client.rest(), b"")
        self.host.process.send_signal(signal.SIGTERM)
        self.host.wait_for_end()

    def test_lets_idle_connections_ask_once_more(self):
        self.serve("1h")
        idle = [clients.Client(self.host) for _ in range(16)]
        for client in idle:
            client.send(clients.get("/echo")).answer()
        self.told_to_stop()
        for client in idle:
            self.assertEqual(self.wind_down(client).status, 200)
            self.assertEqual(client.rest(), b"")
        self.host.process.send_signal(signal.SIGTERM)
        self.host.wait_for_end()

    def test_closes_the_door_when_the_delay_is_over_and_ends_cleanly(self):
        self.serve("300ms")
        held = clients.Client(self.host).send(HALF)
        idle = clients.Client(self.host)
        idle.send(clients.get("/echo")).answer()
        self.told_to_stop()
        self.assertEqual(idle.rest(), b"")
        self.host.wait_until(lambda: not self.accepts())
        self.assertEqual(self.state(), (503, "draining"))
        self.assertEqual(held.send(b"full").answer().content, b"halffull")
        self.assertEqual(self.host.wait_for_end(), 0)

    def accepts(self):
        try:
            clients.Client(self.host)
            return True
        except ConnectionRefusedError:
            return False

    def test_stops_now_at_a_second_signal_in_either_phase(self):
        for delay in ("1h", "1ms"):
            self.serve(delay)
            held = clients.Client(self.host).send(HALF)
            self.told_to_stop()
            if delay == "1ms":
                self.host.wait_until(lambda: not self.accepts())
            self.host.signal()
            self.assertEqual(self.host.wait_for_end(), 1)
            self.assertTrue(held.is_gone())
            self.assertIn("a second signal came", "\n".join(self.host.err.rest()))

    def test_tells_how_long_it_drains_at_most(self):
        self.serve("1h", "--drain-timeout", "2m")
        self.told_to_stop()
        told = json.loads(self.ask("/status").content)
        self.assertEqual(told["drain"]["longest_ms"], (3600 + 120) * 1000)
        self.host.process.send_signal(signal.SIGTERM)
        self.host.wait_for_end()


if __name__ == "__main__":
    unittest.main()
