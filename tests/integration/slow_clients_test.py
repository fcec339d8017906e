# SPDX-License-Identifier: BSL-1.0
"""Clients that take their time: each is dropped in its own, and nobody else waits for it."""

import resource
import selectors
import unittest

import clients
import hosts

CROWD = 1000


def allow_open_files(count):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(count, hard), hard))


class SlowClients(unittest.TestCase):
    def setUp(self):
        allow_open_files(CROWD + 100)

    def assert_serves(self, host):
        answer = clients.Client(host).send(clients.get()).answer()
        self.assertEqual(answer.content, b"Hello, Ada!\n")

    def test_slowloris_is_dropped_while_others_are_served(self):
        host = hosts.Host(self, "--header-timeout", "1s")
        served = clients.Client(host)
        waiting = selectors.DefaultSelector()
        self.addCleanup(waiting.close)
        for _ in range(CROWD):
            slow = clients.Client(host).send(b"GET /Ada HTTP/1.1\r\nHost: localhost\r\nX: ")
            waiting.register(slow.socket, selectors.EVENT_READ, slow)
        refused = 0
        while waiting.get_map():
            for key, _ in waiting.select(0.05):
                answer = key.data.answer()
                self.assertEqual((answer.status, answer.fields["connection"]), (408, "close"))
                self.assertEqual(key.data.rest(), b"")
                refused += 1
                waiting.unregister(key.fileobj)
                key.data.close()
            for key in waiting.get_map().values():
                key.data.send(b"a")
            self.assertEqual(served.send(clients.get()).answer().content, b"Hello, Ada!\n")
        self.assertEqual(refused, CROWD)
        self.assert_serves(host)

    def test_idle_connections_stay_and_cost_nobody(self):
        host = hosts.Host(self, "--header-timeout", "10m")
        crowd = [clients.Client(host) for _ in range(CROWD)]
        self.assert_serves(host)
        for client in crowd:
            client.send(clients.get())
        for client in crowd:
            self.assertEqual(client.answer().content, b"Hello, Ada!\n")

    def test_idle_connections_end_in_silence(self):
        host = hosts.Host(self, "--keep-alive-timeout", "300ms", "--header-timeout", "300ms")
        client = clients.Client(host).send(clients.get())
        self.assertEqual(client.answer().status, 200)
        self.assertEqual(client.rest(), b"")
        self.assertEqual(clients.Client(host).rest(), b"")

    def test_content_that_stops_is_answered_with_408(self):
        host = hosts.Host(self, "--content-timeout", "300ms", plugins=["echo"])
        for line, content in (("Content-Length: 9", b"half"),
                              ("Transfer-Encoding: chunked", b"5\r\nhal")):
            client = clients.Client(host)
            client.send(clients.get("/echo", line, method="POST") + content)
            answer = client.answer()
            self.assertEqual((answer.status, answer.fields["connection"]), (408, "close"))
            self.assertEqual(client.rest(), b"")


if __name__ == "__main__":
    unittest.main()
