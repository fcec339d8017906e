# SPDX-License-Identifier: BSL-1.0
"""A host that was killed leaves nothing that its successor does not clear away, and tell of."""

import pathlib
import signal
import subprocess
import tempfile
import unittest

import clients
import hosts


class Killed(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mortise-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.copies = self.folder / "copies"
        self.copies.mkdir()
        self.plugins = hosts.plugin_folder(self, "greeting")
        self.control = self.folder / "control.sock"

    def start(self, *options, hosts_there=1):
        """A host that is done with its trials: each that is there has the copy of its plugin."""
        host = hosts.Host(self, "--state", self.folder, "--workers", 2, *options,
                          folder=self.plugins,
                          under=("env", "-u", "XDG_RUNTIME_DIR", f"TMPDIR={self.copies}"))
        host.wait_until(lambda: len(list(self.copies.iterdir())) == hosts_there)
        return host

    def start_commanded(self):
        return self.start("--control", self.control)

    def kill(self, host):
        host.process.send_signal(signal.SIGKILL)
        host.process.wait(hosts.PATIENCE)

    def assert_clean(self, host, left):
        """It serves, and nothing lies there but its own copy of its plugin."""
        self.assertEqual(clients.Client(host).send(clients.get("/Ada")).answer().status, 200)
        host.wait_for_line("warning copies of plugins were removed, which a killed host has left "
                           f"count={left}$")
        self.assertEqual(len(list(self.copies.iterdir())), 1)
        self.assertEqual(hosts.run_to_end("status", "--control", self.control).returncode, 0)

    def test_while_it_serves(self):
        self.kill(self.start_commanded())
        self.assert_clean(self.start_commanded(), 1)

    def test_in_the_middle_of_a_reload(self):
        # What is put there waits for the command.
        host = self.start("--control", self.control, "--no-watch")
        source = hosts.plugin_file("hangs_in_create")
        (self.plugins / source.name).write_bytes(source.read_bytes())
        (self.plugins / source.name).chmod(0o644)
        with subprocess.Popen([hosts.PROGRAM, "reload", "--control", self.control],
                              stderr=subprocess.PIPE, text=True) as asking:
            children = pathlib.Path(f"/proc/{host.process.pid}/task/{host.process.pid}/children")
            host.wait_until(lambda: children.read_text().split())
            trial = int(children.read_text().split()[0])
            self.kill(host)
            self.assertIn("the host went away before it answered", asking.communicate()[1])
            self.assertEqual(asking.returncode, 1)
        host.wait_until(lambda: not pathlib.Path(f"/proc/{trial}").exists())
        (self.plugins / source.name).unlink()
        left = len(list(self.copies.glob("mortise-copy-*")))
        self.assertGreaterEqual(left, 1)
        self.assert_clean(self.start_commanded(), left)

    def test_again_and_again(self):
        for _ in range(3):
            self.kill(self.start_commanded())
        self.assert_clean(self.start_commanded(), 1)

    def test_leaves_alone_what_another_host_has(self):
        other = self.start()
        there, = self.copies.iterdir()
        self.kill(self.start(hosts_there=2))
        third = self.start(hosts_there=2)
        third.wait_for_line("copies of plugins were removed.* count=1$")
        self.assertTrue(there.exists())
        self.assertEqual(clients.Client(other).send(clients.get("/Ada")).answer().status, 200)


if __name__ == "__main__":
    unittest.main()
