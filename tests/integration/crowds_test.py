# SPDX-License-Identifier: BSL-1.0
"""More connections than there is room for: they wait, and are served later."""

import os
import signal
import time
import unittest

import clients
import hosts


class Crowds(unittest.TestCase):
    def assert_served_in_turn(self, crowd):
        """Each is answered, though none leaves before it is."""
        for client in crowd:
            self.assertEqual(client.answer().content, b"Hello, Ada!\n")
            client.close()

    def test_more_than_the_limit_wait(self):
        host = hosts.Host(self, "--max-connections", "10", "--workers", "1")
        crowd = [clients.Client(host).send(clients.get()) for _ in range(40)]
        for client in crowd[:10]:
            self.assertEqual(client.answer().status, 200)
        self.assertEqual(crowd[0].send(clients.get()).answer().status, 200)
        for client in crowd[10:]:
            self.assertFalse(client.has_bytes())
        for client in crowd[:10]:
            client.close()
        self.assert_served_in_turn(crowd[10:])

    def test_out_of_descriptors_the_rest_wait(self):
        host = hosts.Host(self, "--workers", "1", under=["prlimit", "--nofile=64"])
        for _ in range(2):
            self.assert_served_in_turn(
                [clients.Client(host).send(clients.get()) for _ in range(200)])
        self.assertIn(b"Hello, Ada!\n", clients.curl(host, "/Ada"))

    def test_ends_while_it_is_out_of_descriptors(self):
        host = hosts.Host(self, "--workers", "1", under=["prlimit", "--nofile=40"])
        crowd = [clients.Client(host).send(clients.get()) for _ in range(60)]
        crowd[0].answer()
        # While it is halted, the timer that lets it accept again runs out: both come at once.
        host.signal(signal.SIGSTOP)
        host.signal(signal.SIGTERM)
        time.sleep(0.2)
        host.signal(signal.SIGCONT)
        self.assertEqual(host.wait_for_end(), 0)
        for client in crowd:
            client.close()

    def test_descriptors_are_given_back(self):
        host = hosts.Host(self, "--workers", "1")
        folder = f"/proc/{host.process.pid}/fd"
        last = clients.Client(host)
        last.send(clients.get()).answer()
        before = len(os.listdir(folder))
        for _ in range(200):
            client = clients.Client(host).send(clients.get("/Ada", "Connection: close"))
            client.answer()
            client.rest()
            client.close()
        last.send(clients.get()).answer()  # its turn comes after the others are buried
        self.assertLessEqual(len(os.listdir(folder)), before + 1)


if __name__ == "__main__":
    unittest.main()
