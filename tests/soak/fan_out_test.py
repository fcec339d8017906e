# SPDX-License-Identifier: BSL-1.0
"""Ten branches that each wait 100 ms, for one request and for a thousand at once on one loop."""

import time
import unittest

import clients
import hosts
import soaks


class FanOut(unittest.TestCase):
    crowd = soaks.form(200, 1000)

    def answers_in(self, host, count):
        """Seconds from the first request to the last answer, on connections that are open."""
        waiting = [clients.Client(host) for _ in range(count)]
        begin = time.monotonic()
        for client in waiting:
            client.send(clients.get("/fan-out"))
        for client in waiting:
            self.assertEqual(client.answer().content, b"10 answers, sum 45\n")
        return time.monotonic() - begin

    def test_waits_for_all_branches_at_once(self):
        soaks.allow_descriptors(self.crowd)
        host = hosts.Host(self, "--workers", "1", "--check-plugins", plugins=["fan-out"])
        one, all_of_them = self.answers_in(host, 1), self.answers_in(host, self.crowd)
        print(f"one request: {1e3 * one:.0f} ms; {self.crowd} at once: {1e3 * all_of_them:.0f} ms")
        if soaks.IS_LONG:
            self.assertLess(one, 0.2)
            self.assertLess(all_of_them, 2)


if __name__ == "__main__":
    unittest.main()
