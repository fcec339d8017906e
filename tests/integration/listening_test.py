# SPDX-License-Identifier: BSL-1.0
"""Where a host listens, and with how many loops."""

import pathlib
import socket
import unittest

import clients
import hosts


def has_ipv6():
    """Whether this machine lets anybody listen on ::1."""
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


class Listening(unittest.TestCase):
    def assert_greets(self, host):
        self.assertEqual(clients.Client(host).send(clients.get()).answer().content,
                         b"Hello, Ada!\n")

    def test_serves_each_address_of_a_name(self):
        host = hosts.Host(self, listen="localhost:0")
        self.assertRegex(host.url, r"^http://localhost:[1-9]\d*/$")
        for address in {entry[4][0] for entry in
                        socket.getaddrinfo("localhost", host.port, type=socket.SOCK_STREAM)}:
            if ":" not in address or has_ipv6():
                host.address = address
                self.assert_greets(host)

    def test_serves_ipv6_or_says_that_there_is_none(self):
        if has_ipv6():
            host = hosts.Host(self, listen="[::1]:0")
            self.assertRegex(host.url, r"^http://\[::1\]:[1-9]\d*/$")
            self.assert_greets(host)
            self.assertIn(b"Hello, Ada!\n", clients.curl(host, "/Ada"))
        else:
            folder = hosts.plugin_folder(self, "greeting")
            done = hosts.run_to_end("run", "--plugins", folder, "--listen", "[::1]:0")
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertRegex(done.stderr, r"cannot listen on \[::1\]:0: .*; choose another")

    def test_serves_on_every_interface_where_asked(self):
        host = hosts.Host(self, listen="0.0.0.0:0")
        host.address = "127.0.0.1"
        self.assert_greets(host)

    def test_has_a_loop_for_each_worker(self):
        for workers in (1, 2, 5):
            host = hosts.Host(self, "--workers", workers)
            threads = pathlib.Path(f"/proc/{host.process.pid}/task").glob("*/comm")
            names = [thread.read_text() for thread in threads]
            self.assertEqual(sum("loop" in name for name in names), workers, names)
            for _ in range(20):
                self.assert_greets(host)

    def test_may_serve_a_port_again_after_the_end(self):
        first = hosts.Host(self)
        self.assert_greets(first)
        listen = f"127.0.0.1:{first.port}"
        first.stop()
        self.assert_greets(hosts.Host(self, listen=listen))


if __name__ == "__main__":
    unittest.main()
