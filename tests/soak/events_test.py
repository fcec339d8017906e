# SPDX-License-Identifier: BSL-1.0
"""A crowd that listens to server-sent events: each gets its event in every second."""

import statistics
import time
import unittest

import clients
import hosts
import soaks


class Events(unittest.TestCase):
    listeners = soaks.form(200, 2000)
    seconds = soaks.form(3, 30)
    latest = 0.25  # seconds that an event of the long form may be late

    @staticmethod
    def lateness(arrivals):
        """How late each event is, in seconds, where the one that came soonest was in time."""
        offsets = [when - number for number, when in enumerate(arrivals)]
        return [offset - min(offsets) for offset in offsets]

    def test_reach_each_listener_every_second(self):
        soaks.allow_descriptors(self.listeners)
        host = hosts.Host(self, "--check-plugins", plugins=["events"])
        before = soaks.memory(host)
        crowd = [clients.Client(host).send(clients.get("/events")) for _ in range(self.listeners)]
        arrivals = {client: [] for client in crowd}
        until = time.monotonic() + self.seconds
        for client in soaks.readable(crowd, until):
            piece = client.socket.recv(1 << 16)
            self.assertTrue(piece, "the stream ended")
            client.bytes += piece
            events = client.bytes.count(b"\n\n")
            arrivals[client] += [time.monotonic()] * (events - len(arrivals[client]))
        each = (soaks.memory(host) - before) / self.listeners
        late = sorted(by for of in arrivals.values() for by in self.lateness(of))
        print(f"{self.listeners} listeners, {len(late)} events in {self.seconds} s; late by "
              f"{1e3 * statistics.median(late):.1f} ms in the median, {1e3 * late[-1]:.1f} ms at most; "
              f"{each:.0f} bytes of memory for each connection")
        for client, of in arrivals.items():
            for number in range(1, len(of) + 1):
                self.assertIn(f"id: {number}\n".encode(), client.bytes)
        if soaks.IS_LONG:
            self.assertGreaterEqual(min(map(len, arrivals.values())), self.seconds - 1)
            self.assertLessEqual(late[-1], self.latest)
        for client in crowd:
            client.reset()


if __name__ == "__main__":
    unittest.main()
