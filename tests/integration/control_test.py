# SPDX-License-Identifier: BSL-1.0
"""The control socket, and `mortise plugin` which asks it."""

import json
import socket
import stat
import unittest

import clients
import generations
import hosts


class Control(unittest.TestCase):
    def serve(self, *options, plugins=("greeting",), generation=None):
        self.folder = hosts.plugin_folder(self, *plugins)
        if generation is not None:
            generations.write(self.folder, generation)
        self.file = hosts.plugin_folder(self) / "control.sock"
        self.host = hosts.Host(self, "--no-watch", "--control", self.file, *options,
                               folder=self.folder)

    def run_command(self, *words):
        return hosts.run_to_end("plugin", *words, "--control", self.file)

    def succeed(self, *words):
        done = self.run_command(*words)
        self.assertEqual((done.returncode, done.stderr), (0, ""), words)
        return done.stdout

    def fail_with(self, pattern, *words):
        done = self.run_command(*words)
        self.assertEqual(done.returncode, 1, words)
        self.assertRegex(done.stderr, pattern)

    def states(self):
        listed = json.loads(self.succeed("list", "--json"))
        return {each["id"]: each["state"] for each in listed["plugins"]}

    def ask(self, path):
        return clients.parse(clients.curl(self.host, path))

    def test_is_open_to_the_group_alone_and_goes_with_the_host(self):
        self.serve()
        self.assertEqual(stat.S_IMODE(self.file.stat().st_mode), 0o660)
        self.host.stop()
        self.assertFalse(self.file.exists())

    def test_lists_plugins_with_their_routes(self):
        self.serve(plugins=["greeting", "echo"])
        lines = self.succeed("list").splitlines()
        self.assertRegex(lines[0], r"^ID +VERSION +GENERATION +STATE +ROUTES$")
        self.assertRegex("\n".join(lines), r"\ngreeting +\S+ +2 +serving +GET /, GET /\{name\}")
        self.assertIn("routes: GET /", self.succeed("inspect", "greeting"))
        self.fail_with('no plugin "nobody" is in service; see `mortise plugin list`', "inspect",
                       "nobody")

    def test_asks_for_no_id_that_no_plugin_can_have(self):
        self.serve()
        for name in ("a b", "Greeting", "x\r\ny", "a%2fb"):
            done = hosts.run_to_end("plugin", "disable", name, "--control", self.file)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn("is no plugin's id, which is of the form [a-z][a-z0-9-]*", done.stderr)

    def test_reloads_and_says_what_came_of_it(self):
        self.serve(generation=1)
        self.assertEqual(self.succeed("reload"), "no plugin has changed\n")
        generations.write(self.folder, 2)
        self.assertRegex(self.succeed("reload"),
                         r"^generations 1\.0\.0 is in service as generation \d+\n$")
        self.assertEqual(self.ask("/now").content, b"generation 000002\n")
        (self.folder / "greeting.so").unlink()
        self.assertEqual(self.succeed("reload"), "greeting is out of service\n")
        (self.folder / "generations.so").write_bytes(b"garbage")
        self.fail_with(r"/generations\.so: is not an ELF file; ", "reload")
        self.assertEqual(self.ask("/now").content, b"generation 000002\n")

    def test_rolls_back_and_forth(self):
        self.serve(generation=1)
        self.fail_with("no generation is known that it replaced", "rollback", "generations")
        generations.write(self.folder, 2)
        self.succeed("reload")
        self.succeed("rollback", "generations")
        self.assertEqual(self.ask("/now").content, b"generation 000001\n")
        self.succeed("rollback", "generations")
        self.assertEqual(self.ask("/now").content, b"generation 000002\n")
        self.succeed("rollback", "generations")
        self.succeed("reload") # asks for the file again
        self.assertEqual(self.ask("/now").content, b"generation 000002\n")

    def test_keeps_what_was_rolled_back_out_until_its_file_changes(self):
        self.serve(generation=1)
        self.host.stop()
        self.host = hosts.Host(self, "--control", self.file, folder=self.folder)
        generations.write(self.folder, 2)
        self.host.wait_until(lambda: self.ask("/now").content == b"generation 000002\n")
        self.succeed("rollback", "generations")
        (self.folder / "generations.so").touch()
        self.host.wait_for_line("no plugin has changed")
        self.assertEqual(self.ask("/now").content, b"generation 000001\n")
        generations.write(self.folder, 3)
        self.host.wait_until(lambda: self.ask("/now").content == b"generation 000003\n")

    def test_disables_and_enables(self):
        self.serve(generation=1)
        self.succeed("disable", "generations")
        self.assertEqual(self.states()["generations"], "disabled")
        self.assertEqual(self.ask("/now").status, 503)
        self.assertEqual(self.ask("/Ada").status, 200)
        generations.write(self.folder, 2)
        self.succeed("reload") # which is not what enables it
        self.assertEqual(self.ask("/now").status, 503)
        self.succeed("enable", "generations")
        self.assertEqual(self.ask("/now").content, b"generation 000002\n")

    def test_lifts_a_quarantine(self):
        self.serve("--quarantine-faults", "1", plugins=["throws", "greeting"])
        self.assertEqual([self.ask("/fault").status for _ in range(2)], [500, 503])
        self.assertEqual(self.states()["throws"], "quarantined")
        self.succeed("enable", "throws")
        self.assertEqual(self.ask("/fault").status, 500)

    def test_names_what_keeps_a_generation(self):
        self.serve("--drain-timeout", "100ms", plugins=["holds_forever", "greeting"])
        self.assertEqual(self.ask("/fault").content, b"held")
        (self.folder / "holds_forever.so").unlink()
        self.succeed("reload")
        self.host.wait_until(lambda: "cut off" in self.succeed("list"))
        self.assertIn("waits for: held: the index is being written", self.succeed("list"))
        self.host.signal()
        self.assertEqual(self.host.wait_for_end(), 1)

    def test_counts_what_stays_mapped(self):
        self.serve(plugins=["starts_thread", "greeting"])
        self.assertNotIn("mapped", self.succeed("list"))
        (self.host.folder / "starts_thread.so").unlink()
        self.succeed("reload")
        self.host.wait_for_line("error 1.0.0: its code stays mapped from .*/starts_thread.so; the "
                                "plugin holds it: its thread [0-9]+ runs on; end it in quiesce")
        self.assertIn("1 old generation stays mapped, whose code is in use", self.succeed("list"))
        self.assertFalse([line for line in self.host.err.all() if "plugin unloaded" in line])
        self.assertIn(b"Hello, Ada!", clients.curl(self.host, "/Ada"))

    def test_takes_a_socket_over_that_a_dead_host_left(self):
        file = hosts.plugin_folder(self) / "control.sock"
        with socket.socket(socket.AF_UNIX) as left:
            left.bind(str(file))
        host = hosts.Host(self, "--control", file)
        self.assertEqual(hosts.run_to_end("plugin", "list", "--control", file).returncode, 0)
        second = hosts.run_to_end("run", "--plugins", host.folder, "--listen", "127.0.0.1:0",
                                  "--control", file)
        self.assertEqual(second.returncode, 1)
        self.assertIn("another host listens there; stop it, or choose another", second.stderr)

    def test_leaves_no_socket_where_the_host_cannot_start(self):
        file = hosts.plugin_folder(self) / "control.sock"
        refused = hosts.run_to_end("run", "--plugins", "/nowhere", "--control", file)
        self.assertEqual(refused.returncode, 1)
        self.assertFalse(file.exists())

    def test_removes_no_file_that_is_not_its_own(self):
        file = hosts.plugin_folder(self) / "control.sock"
        file.write_text("precious")
        refused = hosts.run_to_end("run", "--plugins", hosts.plugin_folder(self, "greeting"),
                                   "--listen", "127.0.0.1:0", "--control", file)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("another file is there; choose another with --control", refused.stderr)
        self.assertEqual(file.read_text(), "precious")

    def test_survives_hostile_and_slow_clients(self):
        self.serve()
        for octets in (b"", b"\0" * 1000, b"GET /plugins HTTP/1.1\r\n", b"x" * 100_000,
                       b"POST /plugins/reload HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n"):
            with socket.socket(socket.AF_UNIX) as to:
                to.connect(str(self.file))
                try:
                    to.sendall(octets)
                except OSError:
                    pass # it has seen enough
        self.assertEqual(self.states(), {"greeting": "serving"})

    def test_says_where_no_host_is(self):
        done = hosts.run_to_end("plugin", "list", "--control", "/nowhere/control.sock")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, "^mortise: no host listens at /nowhere/control.sock .*; start")

    def test_refuses_what_is_no_command(self):
        for words in ((), ("list", "more"), ("rollback",), ("explode",)):
            done = hosts.run_to_end("plugin", *words)
            self.assertEqual((done.returncode, done.stdout), (2, ""), words)


if __name__ == "__main__":
    unittest.main()
