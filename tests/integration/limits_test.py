# SPDX-License-Identifier: BSL-1.0
"""What one plugin may have of the host at once, and its routes that block."""

import unittest

import clients
import hosts


def content_of(host, path, *options):
    return clients.parse(clients.curl(host, path, *options))


class Limits(unittest.TestCase):

    def begin(self, host, *paths):
        """A connection for each path, whose answer is not waited for."""
        return [clients.Client(host).send(clients.get(path)) for path in paths]

    def wait_for_begun(self, host, count):
        host.wait_until(lambda: content_of(host, "/begun").content == b"%d\n" % count)

    def surplus_of(self, host, *options):
        """Runs one that blocks, then two more of which there is room for one: gives the answer of
        the other, and sees that those in the room are served when they can be."""
        first, = self.begin(host, "/block/first")
        self.wait_for_begun(host, 1)
        others = self.begin(host, "/block/second", "/block/third")
        refused = clients.first_with_answer(others)
        answer = refused.answer()
        self.assertEqual(content_of(host, "/release").content, b"released\n")
        self.assertEqual(first.answer().content, b"blocked for first\n")
        others.remove(refused)
        self.assertEqual(others[0].answer().status, 200)
        return answer

    def test_blocking_routes_hold_no_loop(self):
        host = hosts.Host(self, "--workers", "1", plugins=["limited", "greeting"])
        waiting = self.begin(host, *["/block/a"] * 4)
        self.wait_for_begun(host, 4)
        self.assertEqual(content_of(host, "/Ada").content, b"Hello, Ada!\n")
        content_of(host, "/release")
        for each in waiting:
            self.assertEqual(each.answer().content, b"blocked for a\n")

    def test_blocking_routes_carry_exceptions_and_content(self):
        host = hosts.Host(self, plugins=["limited"])
        content_of(host, "/release")
        self.assertEqual(content_of(host, "/block/throw").status, 409)
        self.assertEqual(content_of(host, "/length", "-d", "four").content, b"4\n")

    def test_blocking_routes_refuse_what_the_queue_has_no_room_for(self):
        host = hosts.Host(self, "--pool-threads", "1", "--pool-queue", "1", plugins=["limited"])
        self.assertEqual(self.surplus_of(host).status, 503)

    def test_pool_places_of_a_plugin_are_bounded(self):
        host = hosts.Host(self, "--limit", "limited.pool=2", plugins=["limited"])
        self.assertEqual(self.surplus_of(host).status, 503)
        self.assertEqual(content_of(host, "/block/later").status, 200)

    def test_requests_in_flight_of_a_plugin_are_bounded(self):
        host = hosts.Host(self, "--limit", "*.requests=2", plugins=["limited", "greeting"])
        answer = self.surplus_of(host)
        self.assertEqual((answer.status, answer.fields["retry-after"]), (503, "1"))
        host.wait_for_line(r"error 1\.0\.0: GET /block/\{name\}: turned a request away: its limit "
                           r"of 2 requests in flight is reached")
        for _ in range(3): # the places are given back
            self.assertEqual(content_of(host, "/block/later").status, 200)
        for _ in range(3): # by clients that leave, too
            for each in self.begin(host, "/sleep", "/sleep"):
                each.reset()
            host.wait_until(lambda: content_of(host, "/deep/1").status == 200)

    def test_time_of_a_plugin_is_its_own(self):
        host = hosts.Host(self, "--limit", "limited.time=100ms", plugins=["limited"])
        self.assertEqual(content_of(host, "/sleep").status, 504)

    def test_memory_of_a_request_is_bounded(self):
        host = hosts.Host(self, "--limit", "limited.memory=64KiB", plugins=["limited"])
        self.assertEqual(content_of(host, "/deep/10").content, b"10\n")
        self.assertEqual(content_of(host, "/deep/100000").status, 503)
        self.assertEqual(content_of(host, "/deep/10").content, b"10\n")

    def test_limits_of_nobody_are_named(self):
        host = hosts.Host(self, "--limit", "limitd.time=1s", plugins=["limited"])
        host.wait_for_line('error there is no plugin "limitd", which the configuration names')


if __name__ == "__main__":
    unittest.main()
