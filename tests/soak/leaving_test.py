# SPDX-License-Identifier: BSL-1.0
"""Clients that leave at any moment, while a handler sleeps, gathers, offloads, reads or writes."""

import heapq
import random
import time
import unittest

import clients
import hosts
import soaks

WAYS = {
    "sleep": clients.get("/sleep"),
    "gather": clients.get("/gather"),
    "offload": clients.get("/offload"),
    "read": clients.get("/read", "Content-Length: 100000", method="POST") + bytes(5000),
    "write": clients.get("/write"),
}


class Leaving(unittest.TestCase):
    requests = soaks.form(1000, 10_000)
    at_once = 200
    longest = 0.03  # seconds that a client stays

    def test_leaves_nothing_behind(self):
        host = hosts.Host(self, "--check-plugins", "--pool-queue", "100000", plugins=["waiting"])
        seed = random.randrange(1 << 32)
        print(f"random moments of seed {seed}")
        self.leave_at_random(host, random.Random(seed))

        def everyone():
            begun, ended = map(int, soaks.ask(host, "/census").split())
            return begun == ended

        soaks.wait_until(self, everyone)
        host.stop()  # with exit code 0: no exchange and no operation is left, nor a leak under ASan
        begun, ended = map(int, host.wait_for_line(r"handlers begun (\d+), ended (\d+)").groups())
        print(f"{self.requests} requests, {begun} handlers and branches begun, {ended} ended")
        self.assertEqual(begun, ended)
        self.assertGreater(begun, self.requests / 2)
        self.assertFalse([line for line in host.err.all() if " error " in line])

    def leave_at_random(self, host, chance):
        waiting = []  # when, a number that orders, who
        for number in range(self.requests):
            while len(waiting) >= self.at_once:
                self.let_leave(waiting, chance)
            client = clients.Client(host).send(WAYS[chance.choice(list(WAYS))])
            when = time.monotonic() + chance.uniform(0, self.longest)
            heapq.heappush(waiting, (when, number, client))
        while waiting:
            self.let_leave(waiting, chance)

    def let_leave(self, waiting, chance):
        when, _, client = heapq.heappop(waiting)
        time.sleep(max(0, when - time.monotonic()))
        chance.choice((clients.Client.reset, clients.Client.close))(client)


if __name__ == "__main__":
    unittest.main()
