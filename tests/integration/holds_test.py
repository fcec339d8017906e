# SPDX-License-Identifier: BSL-1.0
"""Plugins that may not be taken down yet."""

import unittest

import clients
import hosts


class Holds(unittest.TestCase):
    def held_host(self, *options):
        host = hosts.Host(self, "--workers", "2", *options, plugins=["holds"])
        self.assertEqual(clients.parse(clients.curl(host, "/hold")).content, b"held")
        return host

    def test_are_waited_for_when_the_host_stops(self):
        host = self.held_host()
        host.stop()
        lines = host.err.rest()
        said = [line for line in lines if "plugin=holds" in line]
        self.assertRegex(said[0], r"error 1.0.0: hold\(\): there is no room for the number, or no reason")
        self.assertRegex(said[1], " written ")
        self.assertEqual([" loop_stop " in line for line in said[2:]], [True, True])
        self.assertRegex(lines[-1], " stopped$")

    def test_are_reported_where_they_do_not_end(self):
        host = self.held_host("--set", "holds.forgets=yes")
        host.signal()
        self.assertEqual(host.wait_for_end(), 1)
        lines = host.err.rest()
        self.assertRegex(lines[-2], "error 1.0.0: is held: the index is being written "
                                    "plugin=holds$")
        self.assertRegex(lines[-1], "error a plugin is held: ending without taking it down$")

    def test_keep_the_code_of_a_plugin_that_fails_mapped(self):
        host = hosts.Host(self, plugins=["holds_and_fails", "greeting"])
        host.wait_for_line("fails in configure: no index")
        host.wait_for_line("its code stays mapped from .*; the plugin holds it: a thread runs ")
        host.stop()


if __name__ == "__main__":
    unittest.main()
