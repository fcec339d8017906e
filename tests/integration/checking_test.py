# SPDX-License-Identifier: BSL-1.0
"""The thread tags of the border: a breach is refused and named; --check-plugins ends the host."""

import signal
import unittest

import clients
import hosts

OTHER = "a thread that the host did not start"
BREACHES = (
    # GET /fault/…, the answer where the host goes on, what the log says
    ("reply", b"went on", rf"reply\(\): .* not the exchange's loop.*{OTHER}"),
    ("wait", b"went on", rf"timer wait\(\): .* no event loop.*{OTHER}"),
    ("allocate", b"went on", rf"allocate\(\): .* not the exchange's loop.*{OTHER}"),
    ("cancel", b"went on", rf"cancel\(\): .* not the operation's loop.*{OTHER}"),
    ("pool", b"went on", r"reply\(\): .* not the exchange's loop.*the worker pool"),
    ("alignment", b"went on", r"allocate\(\): the alignment 3 is no power of two"),
    ("route", b"went on", r"add_route\(\) was called outside configure.*loop 0"),
    ("config", b"went on", r"config\(\) was called outside create and configure.*loop 0"),
    ("explain", b"went on", r"explain\(\) was called outside a step that may fail.*loop 0"),
)


class Breaches(unittest.TestCase):
    def serve(self, *options, plugins=("breaks_tags",)):
        return hosts.Host(self, "--workers", "1", *options, plugins=plugins,
                          under=["prlimit", "--core=0"])

    def test_are_named_and_the_host_serves_on(self):
        host = self.serve()
        client = clients.Client(host)
        for which, content, line in BREACHES:
            with self.subTest(breach=which):
                self.assertEqual(client.send(clients.get(f"/fault/{which}")).answer().content,
                                 content)
                host.wait_for_line(f"error 1.0.0: .*{line}.* plugin=breaks-tags")

    def test_end_the_host_that_checks(self):
        for which, _, line in BREACHES:
            with self.subTest(breach=which):
                host = self.serve("--check-plugins")
                clients.Client(host).send(clients.get(f"/fault/{which}")).is_gone()
                self.assertEqual(host.wait_for_end(), -signal.SIGABRT)
                told = "\n".join(host.err.rest())
                self.assertRegex(told, f"error 1.0.0: .*{line}.* plugin=breaks-tags")
                self.assertRegex(told, "a plugin broke a rule of the border.*plugin=breaks-tags")

    def test_a_handler_that_fails_is_no_breach(self):
        host = self.serve("--check-plugins", plugins=["fails_in_handle"])
        client = clients.Client(host)
        for _ in range(2):
            self.assertEqual(client.send(clients.get("/fault")).answer().status, 500)

    def test_plugins_that_keep_the_rules_are_served(self):
        host = self.serve("--check-plugins", plugins=["greeting", "fan-out", "echo"])
        client = clients.Client(host)
        self.assertEqual(client.send(clients.get("/Ada")).answer().content, b"Hello, Ada!\n")
        self.assertEqual(client.send(clients.get("/fan-out")).answer().status, 200)


if __name__ == "__main__":
    unittest.main()
