# SPDX-License-Identifier: BSL-1.0
"""Where a host listens, and with how many loops."""

import pathlib
import re
import socket
import stat
import subprocess
import sys
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

    def unix_file(self):
        return hosts.plugin_folder(self) / "file.sock"

    def greeting_at(self, file):
        """The content that curl gets over a unix socket."""
        done = subprocess.run(
            ["curl", "-s", "-S", "--max-time", str(hosts.PATIENCE), "--unix-socket", file,
             "http://localhost/Ada"], stdin=subprocess.DEVNULL, capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_listens_at_several_addresses(self):
        file = self.unix_file()
        host = hosts.Host(self, "--workers", 2, "--listen", "127.0.0.1:0",
                          "--listen", f"unix:{file}")
        self.assert_greets(host)
        self.assertEqual(self.greeting_at(file), b"Hello, Ada!\n")
        host.port = re.search(r"http://127\.0\.0\.1:(\d+)/", host.wait_for_line(
            r"listens at one more address at=http://\S+$").group(0)).group(1)
        self.assert_greets(host)
        host.wait_for_line(f"listens at one more address at=unix:{file}$")
        starts = [line for line in host.out.all() if line.startswith("Server started at ")]
        self.assertEqual(len(starts), 1, starts)

    def test_opens_a_unix_socket_to_the_group_alone_and_removes_it(self):
        file = self.unix_file()
        host = hosts.Host(self, "--workers", 2, listen=f"unix:{file}")
        self.assertEqual(host.url, f"unix:{file}")
        self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o660)
        for _ in range(20):
            self.assertEqual(self.greeting_at(file), b"Hello, Ada!\n")
        second = hosts.run_to_end("run", "--plugins", host.folder, "--listen", f"unix:{file}")
        self.assertEqual((second.returncode, second.stdout), (1, ""))
        self.assertIn(f"cannot listen on unix:{file}: another host listens there; stop it",
                      second.stderr)
        self.assertEqual(self.greeting_at(file), b"Hello, Ada!\n")
        host.stop()
        self.assertFalse(file.exists())

    def test_takes_over_the_unix_socket_of_a_host_that_was_killed(self):
        file = self.unix_file()
        with socket.socket(socket.AF_UNIX) as left:
            left.bind(str(file))
        host = hosts.Host(self, listen=f"unix:{file}")
        self.assertEqual(self.greeting_at(file), b"Hello, Ada!\n")
        host.stop()

    def test_opens_nothing_where_one_address_is_taken(self):
        file = self.unix_file()
        with socket.create_server(("127.0.0.1", 0)) as taken:
            listen = f"127.0.0.1:{taken.getsockname()[1]}"
            done = hosts.run_to_end("run", "--plugins", hosts.plugin_folder(self, "greeting"),
                                    "--listen", f"unix:{file}", "--listen", listen)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn(f"cannot listen on {listen}: Address already in use", done.stderr)
        self.assertFalse(file.exists())

    def inheriting(self, **sockets):
        """What a host is started with, as systemd does, to have these by their names."""
        for each in sockets.values():
            self.addCleanup(each.close)
        numbers = ",".join(str(each.fileno()) for each in sockets.values())
        return {"under": (sys.executable, "-c", LAUNCHER, ":".join(sockets), numbers),
                "inherit": sockets.values()}

    def test_serves_sockets_that_it_inherits(self):
        file = self.unix_file()
        port = socket.create_server(("127.0.0.1", 0))
        local = socket.socket(socket.AF_UNIX)
        local.bind(str(file))
        local.listen()
        host = hosts.Host(self, "--workers", 2, "--listen", "systemd:local", listen="systemd:web",
                          **self.inheriting(web=port, local=local))
        self.assertEqual(host.url, f"http://127.0.0.1:{port.getsockname()[1]}/")
        host.wait_for_line(f"listens at one more address at=unix:{file}$")
        for _ in range(20):
            self.assert_greets(host)
            self.assertEqual(self.greeting_at(file), b"Hello, Ada!\n")
        host.stop()
        self.assertTrue(file.exists())  # it is not the host's

    def test_names_the_sockets_that_it_inherits(self):
        port = socket.create_server(("127.0.0.1", 0))
        done = hosts.run_to_end("run", "--plugins", hosts.plugin_folder(self, "greeting"),
                                "--listen", "systemd:wbe",
                                **self.inheriting(web=port, admin=port.dup()))
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("cannot listen on systemd:wbe: no socket of that name was inherited; "
                      "there is web, admin", done.stderr)

    def test_answers_who_has_connected_between_two_hosts_of_a_socket_unit(self):
        with socket.create_server(("127.0.0.1", 0)) as given:
            how = self.inheriting(web=given)
            first = hosts.Host(self, listen="systemd:web", **how)
            self.assert_greets(first)
            first.process.kill()
            first.wait_for_end()
            waiting = clients.Client(first).send(clients.get())
            hosts.Host(self, listen="systemd:web", **how)
            self.assertEqual(waiting.answer().content, b"Hello, Ada!\n")


# Puts the descriptors at 3 and above, and becomes the program behind its two arguments.
LAUNCHER = """
import os, sys
names, numbers, *program = sys.argv[1:]
high = [os.dup2(int(number), 200 + at) for at, number in enumerate(numbers.split(","))]
for at, number in enumerate(high):
    os.dup2(number, 3 + at)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(high)), LISTEN_FDNAMES=names)
os.execv(program[0], program)
"""


if __name__ == "__main__":
    unittest.main()
