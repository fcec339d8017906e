# SPDX-License-Identifier: BSL-1.0
"""Clients that read a kibibyte a second of an endless stream: bounded memory, and no one waits."""

import statistics
import time
import unittest

import clients
import hosts
import soaks


class SlowReaders(unittest.TestCase):
    readers = soaks.form(20, 100)
    rounds = soaks.form(1, 5)
    seconds = soaks.form(2, 6)  # that a round reads slowly
    bound = 256 * 1024          # bytes of the host for each stream

    def setUp(self):
        self.host = hosts.Host(self, "--workers", "1", plugins=["waiting", "greeting"])

    def rate(self, seconds):
        """Greetings a second on one connection."""
        client = clients.Client(self.host)
        count, begin = 0, time.monotonic()
        while time.monotonic() < begin + seconds:
            self.assertEqual(client.send(clients.get()).answer().status, 200)
            count += 1
        client.close()
        return count / (time.monotonic() - begin)

    def open_streams(self):
        crowd = [clients.Client(self.host, receive_buffer=4096) for _ in range(self.readers)]
        for client in crowd:
            client.send(clients.get("/write"))
            self.assertTrue(client.socket.recv(1024))
        return crowd

    def test_hold_a_bounded_amount_and_slow_no_one(self):
        self.rate(0.2)
        before = soaks.memory(self.host)
        shares, held = [], []
        for _ in range(self.rounds):
            alone = self.rate(1)
            crowd = self.open_streams()
            beside = []
            for _ in range(self.seconds):
                for client in crowd:
                    self.assertTrue(client.socket.recv(1024))
                beside.append(self.rate(1))
            held.append((soaks.memory(self.host) - before) / self.readers)
            shares.append(statistics.median(beside) / alone)
            for client in crowd:
                client.reset()
        print(f"{self.readers} streams at 1 KiB/s: {max(held):.0f} bytes of the host for each; "
              f"others are served at {statistics.median(shares):.2f} of the rate without them")
        self.assertLess(max(held), self.bound)
        soaks.wait_until(self, lambda: len(set(soaks.ask(self.host, "/census").split())) == 1)


if __name__ == "__main__":
    unittest.main()
