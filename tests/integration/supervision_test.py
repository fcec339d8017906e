# SPDX-License-Identifier: BSL-1.0
"""A host that a service manager has started, which it tells what it does."""

import os
import pathlib
import re
import select
import signal
import socket
import unittest

import clients
import generations
import hosts


class Manager:
    """The other end of NOTIFY_SOCKET, as a file or in the abstract namespace."""

    def __init__(self, test, name):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        test.addCleanup(self.socket.close)
        self.socket.bind(name)
        self.socket.settimeout(hosts.PATIENCE)
        self.name = name.replace("\0", "@")

    def next(self):
        return self.socket.recv(4096).decode()

    def clear(self):
        """Reads all that has come."""
        while select.select([self.socket], [], [], 0)[0]:
            self.next()

    def wait_for(self, message):
        while self.next() != message:
            pass


class Supervision(unittest.TestCase):
    def serve(self, *options, name=None, watchdog="", of="$$", **how):
        self.manager = Manager(self, name or str(hosts.plugin_folder(self) / "notify.sock"))
        script = (f'export NOTIFY_SOCKET="{self.manager.name}" WATCHDOG_USEC="{watchdog}" '
                  f'WATCHDOG_PID="{of}"; exec "$@"')
        self.host = hosts.Host(self, "--no-watch", *options, under=("sh", "-c", script, "sh"),
                               **how)
        self.ready = f"READY=1\nSTATUS=serving 1 plugin at {self.host.url}"

    def test_tells_when_it_serves_and_when_it_stops(self):
        for name in (None, f"\0mortise-{id(self)}"):
            self.serve(name=name)
            self.assertEqual(self.manager.next(), self.ready)
            self.host.stop()
            self.assertRegex(self.manager.next(), r"^STOPPING=1\nSTATUS=draining")

    def test_tells_of_a_reload_from_its_begin_to_its_end(self):
        folder = hosts.plugin_folder(self, "greeting")
        self.serve(folder=folder)
        self.assertEqual(self.manager.next(), self.ready)
        generations.write(folder, 1)
        self.host.signal(signal.SIGHUP)
        self.assertRegex(self.manager.next(), r"^RELOADING=1\nMONOTONIC_USEC=[1-9][0-9]*$")
        self.assertEqual(self.manager.next(),
                         f"READY=1\nSTATUS=serving 2 plugins at {self.host.url}")
        (folder / "generations.so").write_bytes(b"garbage")
        self.host.signal(signal.SIGHUP)
        self.assertRegex(self.manager.next(), r"^RELOADING=1\n")
        self.assertRegex(self.manager.next(), r"^READY=1\n") # as it was

    def test_tells_of_a_change_that_it_has_seen_itself(self):
        folder = hosts.plugin_folder(self, "greeting")
        manager = Manager(self, str(hosts.plugin_folder(self) / "notify.sock"))
        host = hosts.Host(self, folder=folder, under=("env", f"NOTIFY_SOCKET={manager.name}"))
        self.assertRegex(manager.next(), "^READY=1\n")
        generations.write(folder, 1)
        self.assertEqual(manager.next(), f"STATUS=serving 2 plugins at {host.url}")

    def test_is_alive_only_while_every_loop_is(self):
        self.serve("--workers", "2", "--stall-timeout", "50ms", "--call-timeout", "1h",
                   "--set", "blocks-10s.milliseconds=1500", watchdog="200000",
                   plugins=["blocks_10s"])
        for _ in range(3):
            self.manager.wait_for("WATCHDOG=1")
        client = clients.Client(self.host).send(clients.get("/fault"))
        self.host.wait_for_line("a plugin holds its loop")
        self.manager.clear()
        # Its answer is sent before that loop can say anything.
        ready, _, _ = select.select([client.socket, self.manager.socket], [], [], hosts.PATIENCE)
        self.assertIn(client.socket, ready)
        self.assertEqual(client.answer().content, b"slept")
        self.manager.wait_for("WATCHDOG=1")

    def test_is_alive_for_nobody_who_watches_another_process(self):
        self.serve(watchdog="20000", of="1")
        self.host.stop()
        self.assertEqual(self.manager.next(), self.ready)
        self.assertRegex(self.manager.next(), r"^STOPPING=1\n")

    def test_keeps_the_socket_from_its_children(self):
        folder = hosts.plugin_folder(self, "greeting")
        self.serve("--probe-timeout", "1h", folder=folder)
        hanging = folder / "hangs_in_create.so"
        hanging.write_bytes(hosts.plugin_file("hangs_in_create").read_bytes())
        hanging.chmod(0o644)
        self.host.signal(signal.SIGHUP)
        process = pathlib.Path(f"/proc/{self.host.process.pid}")
        self.host.wait_until(lambda: self.children(process))
        child = self.children(process)[0]
        program = pathlib.Path(f"/proc/{child}/cmdline")
        self.host.wait_until(lambda: b"probe-plugin" in program.read_bytes())
        environment = pathlib.Path(f"/proc/{child}/environ").read_bytes()
        self.assertIn(b"PATH=", environment)
        self.assertIsNone(re.search(rb"(^|\0)(NOTIFY|WATCHDOG)_", environment))
        os.kill(int(child), signal.SIGKILL)
        self.host.wait_for_line("hangs_in_create.so: ")

    @staticmethod
    def children(process):
        return (process / "task" / process.name / "children").read_text().split()


if __name__ == "__main__":
    unittest.main()
