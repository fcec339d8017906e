# SPDX-License-Identifier: BSL-1.0
"""`mortise status`: how a running host is, for people and for programs."""

import json
import os
import pty
import re
import signal
import subprocess
import unittest

import clients
import hosts


class Status(unittest.TestCase):
    def serve(self, *options, plugins=("greeting",)):
        self.file = hosts.plugin_folder(self) / "control.sock"
        self.host = hosts.Host(self, "--no-watch", "--control", self.file, *options,
                               plugins=plugins)

    def show(self, *options):
        return hosts.run_to_end("status", "--control", self.file, *options)

    def test_shows_a_host_that_serves(self):
        self.serve("--workers", "2")
        done = self.show()
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        lines = done.stdout.splitlines()
        self.assertRegex(lines[0], rf"^mortise \S+ is serving at {re.escape(self.host.url)}$")
        self.assertRegex(lines[1], rf"^process {self.host.process.pid}, up for \d+s$")
        self.assertEqual(lines[3:6], ["LOOP  CONNECTIONS  REQUESTS",
                                      "0     0            0", "1     0            0"])
        self.assertRegex(lines[8], r"^greeting  \S+ +1 +serving$")

    def test_gives_programs_the_answer_as_it_came(self):
        self.serve()
        self.assertEqual(json.loads(self.show("--json").stdout)["pid"], self.host.process.pid)

    def test_fails_where_a_loop_does_not_answer(self):
        self.serve("--workers", "1", "--stall-timeout", "50ms", "--call-timeout", "1h",
                   "--set", "blocks-10s.milliseconds=2000", plugins=["blocks_10s"])
        client = clients.Client(self.host).send(clients.get("/fault"))
        self.host.wait_for_line("a plugin holds its loop")
        done = self.show()
        self.assertEqual(done.returncode, 1)
        self.assertIn("\nloops that do not answer: 0; see the log", done.stdout)
        self.assertIn("\n0     ?            ?\n", done.stdout)
        client.answer()

    def test_fails_where_the_host_drains(self):
        self.serve(plugins=["never_replies", "greeting"])
        clients.Client(self.host).send(clients.get("/fault"))
        self.host.wait_until(lambda: '"requests":1' in self.show("--json").stdout)
        self.host.signal()
        self.host.wait_for_line("draining")
        done = self.show()
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, r" is draining at .*\n.*\ndraining for \d+s of at most 30s\n")
        self.host.signal()
        self.assertEqual(self.host.wait_for_end(), 1)

    def test_fails_where_there_is_no_host(self):
        done = hosts.run_to_end("status", "--control", "/nowhere/control.sock")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertRegex(done.stderr, "^mortise: no host listens at /nowhere/control.sock ")
        done = hosts.run_to_end("status", "--control", "/" + "x" * 200)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"\(File name too long\)")

    def test_shows_what_the_last_change_came_to(self):
        self.serve(plugins=["greeting", "echo"])
        (self.host.folder / "echo.so").unlink()
        (self.host.folder / "broken.so").write_bytes(b"garbage")
        hosts.run_to_end("plugin", "reload", "--control", self.file)
        self.assertRegex(self.show().stdout,
                         r"\nlast change, asked, at \S+Z\n  echo is out of service\n"
                         r"  fault: \S+/broken\.so: is not an ELF file; .*\n$")

    def test_shows_the_last_faults(self):
        self.serve(plugins=["throws"])
        self.assertEqual(self.show("--faults").stdout, "no fault since the host has started\n")
        clients.curl(self.host, "/fault")
        self.assertRegex(self.show("--faults").stdout,
                         r"^TIME +PLUGIN +FAULT\n\S+Z +throws +.*GET /fault")

    def watch(self, output, **environment):
        process = subprocess.Popen(
            [hosts.PROGRAM, "status", "--watch", "--control", self.file],
            stdin=subprocess.DEVNULL, stdout=output, env={**os.environ, **environment})
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def test_watches_in_blocks_until_it_is_told_to_end(self):
        self.serve()
        process = self.watch(subprocess.PIPE)
        self.addCleanup(process.stdout.close)
        seen = b""
        while seen.count(b"\n\n") < 5: # three in a block
            seen += process.stdout.readline()
        process.send_signal(signal.SIGINT)
        seen += process.stdout.read()
        self.assertEqual(process.wait(hosts.PATIENCE), 0)
        self.assertNotIn(b"\x1b", seen)
        self.assertRegex(seen, rb"greeting .* serving\n\nmortise ")

    def read_terminal(self, **environment):
        """What it writes to a terminal in its first two blocks."""
        ours, theirs = pty.openpty()
        self.addCleanup(os.close, ours)
        process = self.watch(theirs, TERM="xterm", **environment)
        os.close(theirs)
        seen = b""
        while seen.count(b"\x1b[J") < 2:
            seen += os.read(ours, 4096)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(hosts.PATIENCE), 0)
        return seen

    def test_watches_in_place_at_a_terminal(self):
        self.serve()
        seen = self.read_terminal(NO_COLOR="")
        self.assertTrue(seen.startswith(b"\x1b[2J\x1b[H"), seen)
        self.assertIn(b" is \x1b[1;32mserving\x1b[0m at ", seen)

    def test_has_no_colours_where_none_are_wanted(self):
        self.serve()
        self.assertIn(b" is serving at ", self.read_terminal(NO_COLOR="1"))


if __name__ == "__main__":
    unittest.main()
