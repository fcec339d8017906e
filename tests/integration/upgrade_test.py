# SPDX-License-Identifier: BSL-1.0
"""A new process takes the place of a host; or cannot, and then nothing has changed."""

import json
import os
import pathlib
import select
import shutil
import signal
import socket
import stat
import unittest

import clients
import hosts
import upgrades
from supervision_test import Manager

HALF = clients.get("/echo", "Content-Length: 8", method="POST") + b"half"


class Upgrade(unittest.TestCase):
    def serve(self, *options, **how):
        self.control = hosts.plugin_folder(self) / "control.sock"
        self.host = hosts.Host(self, "--workers", "2", "--no-watch", "--control", self.control,
                               *options, **how)

    def upgrade(self):
        return upgrades.upgrade(self, self.control, self.host)

    def status(self):
        return json.loads(self.ask("/status"))

    def ask(self, path):
        return clients.parse(clients.curl(self.host, path, "--unix-socket", self.control)).content

    def assert_serves(self, process):
        self.assertEqual(self.status()["pid"], process)
        self.assertEqual(clients.Client(self.host).send(clients.get()).answer().content,
                         b"Hello, Ada!\n")

    def refused(self):
        """What the command says where the new host cannot serve."""
        done = hosts.run_to_end("upgrade", "--control", self.control)
        self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
        self.assertIn("nothing has changed", done.stderr)
        self.assert_serves(self.host.process.pid)
        return done.stderr

    def test_serves_at_the_same_port_by_a_new_process(self):
        self.serve()
        process = self.upgrade()
        self.assertNotEqual(process, self.host.process.pid)
        self.assert_serves(process)
        self.assertEqual(self.host.wait_for_end(), 0)
        self.assert_serves(process)
        self.assertEqual(self.status()["listeners"], [self.host.url])

    def test_can_be_done_again_and_again(self):
        self.serve()
        seen = {self.host.process.pid}
        for _ in range(3):
            process = self.upgrade()
            self.assertNotIn(process, seen)
            seen.add(process)
            self.assert_serves(process)

    def test_finishes_what_is_in_flight(self):
        self.serve(plugins=["echo"])
        held = clients.Client(self.host).send(HALF)
        self.upgrade()
        self.assertEqual(held.send(b"full").answer().content, b"halffull")
        self.assertEqual(held.rest(), b"")
        self.assertEqual(self.host.wait_for_end(), 0)

    def test_lets_the_old_host_finish_after_one_signal_to_stop(self):
        self.serve(plugins=["echo"])
        held = clients.Client(self.host)
        held.send(clients.get("/echo")).answer()
        held.send(HALF)
        self.upgrade()
        self.host.process.send_signal(signal.SIGTERM)
        self.host.wait_for_line("draining: what is in flight is finished signal=TERM")
        self.assertEqual(held.send(b"full").answer().content, b"halffull")
        self.assertEqual(self.host.wait_for_end(), 0)

    def test_keeps_a_plugin_disabled(self):
        self.serve()
        for command, status in (("disable", 503), ("enable", 200)):
            done = hosts.run_to_end("plugin", command, "greeting", "--control", self.control)
            self.assertEqual(done.returncode, 0)
            self.upgrade()
            self.assertEqual(self.host.wait_for_end(), 0)
            self.assertEqual(clients.Client(self.host).send(clients.get()).answer().status, status)

    def test_changes_no_plugin_meanwhile(self):
        self.hanging()
        for command in (["disable", "greeting"], ["reload"]):
            done = hosts.run_to_end("plugin", *command, "--control", self.control)
            self.assertEqual(done.returncode, 1)
            self.assertIn("an upgrade is under way", done.stderr)

    def test_starts_what_path_leads_to_by_then(self):
        folder = hosts.plugin_folder(self)
        for version in ("v1", "v2"):
            (folder / version).mkdir()
            shutil.copy(hosts.PROGRAM, folder / version)
        link = folder / "mortise"
        link.symlink_to("v1/mortise")
        self.serve(under=("bash", "-c", 'shift; PATH="$0:$PATH" exec mortise "$@"', folder))
        link.unlink()
        link.symlink_to("v2/mortise")
        process = self.upgrade()
        self.assertEqual(os.readlink(f"/proc/{process}/exe"), str(folder / "v2/mortise"))

    def test_removes_the_files_of_sockets_that_are_not_listened_to_any_more(self):
        folder = hosts.plugin_folder(self, "greeting")
        file = folder / "mortise.toml"
        def write(name):
            self.control = folder / f"{name}-control.sock"
            file.write_text(f"[plugins]\ndirectory = '{folder}'\nall = true\n"
                            f"[admin]\nsocket = '{self.control}'\n"
                            f"[[listener]]\naddress = 'unix:{folder}/{name}.sock'\n")
            file.chmod(0o644)
        write("old")
        self.host = hosts.Host(self, config=file)
        old = self.control
        write("new")
        process = upgrades.upgrade(self, old, self.host)
        self.assertEqual(self.host.wait_for_end(), 0)
        self.assertEqual({each.name for each in folder.glob("*.sock")},
                         {"new.sock", "new-control.sock"})
        done = hosts.run_to_end("status", "--json", "--control", self.control)
        self.assertEqual(json.loads(done.stdout)["pid"], process)

    def test_is_done_by_a_signal_too(self):
        self.serve()
        self.host.signal(signal.SIGUSR2)
        process = int(self.host.wait_for_line(r"the new host serves.* process=(\d+)").group(1))
        upgrades.end_with(self, process)
        self.assertEqual(self.host.wait_for_end(), 0)
        self.assert_serves(process)

    def test_takes_unix_sockets_and_their_files_along(self):
        folder = hosts.plugin_folder(self)
        file = folder / "http.sock"
        self.serve(listen=f"unix:{file}")
        process = self.upgrade()
        self.assertEqual(self.host.wait_for_end(), 0)
        for path in (file, self.control):
            self.assertTrue(path.exists())
        with socket.socket(socket.AF_UNIX) as to:
            to.connect(str(file))
            to.sendall(clients.get())
            self.assertIn(b" 200 ", to.recv(4096))
        upgrades.end(process)
        for path in (file, self.control):
            self.assertFalse(path.exists())

    def test_gives_the_file_of_a_unix_socket_the_mode_that_it_has_by_then(self):
        folder = hosts.plugin_folder(self, "greeting")
        file, path = folder / "mortise.toml", folder / "http.sock"
        self.control = folder / "control.sock"
        def write(mode):
            file.write_text(f"[plugins]\ndirectory = '{folder}'\nall = true\n"
                            f"[admin]\nsocket = '{self.control}'\n"
                            f"[[listener]]\naddress = 'unix:{path}'\nmode = '{mode:04o}'\n")
            file.chmod(0o644)
        write(0o666)
        self.host = hosts.Host(self, config=file)
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o666)
        write(0o600)
        self.upgrade()
        self.host.wait_until(lambda: stat.S_IMODE(path.stat().st_mode) == 0o600)

    def test_follows_what_the_configuration_says_by_then(self):
        folder = hosts.plugin_folder(self, "greeting")
        file = folder / "mortise.toml"
        control = folder / "control.sock"
        def write(workers, listen):
            file.write_text(f"[server]\nworkers = {workers}\n[plugins]\ndirectory = '{folder}'\n"
                            f"all = true\n[admin]\nsocket = '{control}'\n"
                            + "".join(f"[[listener]]\naddress = '{each}'\n" for each in listen))
            file.chmod(0o644)
        write(3, ["127.0.0.1:0"])
        self.host = hosts.Host(self, config=file)
        self.control = control
        for workers in (1, 4, 2): # sockets are shared out, and more are opened
            write(workers, ["127.0.0.1:0", f"unix:{folder}/{workers}.sock"])
            process = self.upgrade()
            self.assertEqual(len(self.status()["loops"]), workers)
            for _ in range(16):
                self.assert_serves(process)
            self.assertTrue((folder / f"{workers}.sock").exists())

    def test_keeps_the_sockets_of_a_socket_unit(self):
        with socket.create_server(("127.0.0.1", 0)) as given:
            os.set_inheritable(given.fileno(), True)
            script = f'exec 3<&{given.fileno()}; export LISTEN_PID=$$ LISTEN_FDS=1 ' \
                     'LISTEN_FDNAMES=web; exec "$@"'
            self.serve(listen="systemd:web", under=("bash", "-c", script, "sh"), inherit=[given])
        first = self.upgrade()
        self.assertEqual(self.host.wait_for_end(), 0)
        self.assert_serves(first)
        self.assert_serves(self.upgrade())

    def test_tells_the_service_manager_who_serves(self):
        manager = Manager(self, str(hosts.plugin_folder(self) / "notify.sock"))
        self.serve(under=("env", f"NOTIFY_SOCKET={manager.name}"))
        ready = f"READY=1\nSTATUS=serving 1 plugin at {self.host.url}"
        self.assertEqual(manager.next(), ready)
        process = self.upgrade()
        self.assertEqual(manager.next(), f"MAINPID={process}")
        self.assertEqual(manager.next(), ready)
        self.assertEqual(self.host.wait_for_end(), 0)
        upgrades.end(process)
        self.assertRegex(manager.next(), "^STOPPING=1\n") # the only one that stops

    def test_says_why_the_new_one_cannot_serve(self):
        folder = hosts.plugin_folder(self, "greeting")
        self.serve(folder=folder)
        (folder / "broken.so").write_bytes(b"garbage")
        self.assertIn("broken.so: ", self.refused())
        (folder / "broken.so").unlink()
        self.assert_serves(self.upgrade())

    def test_says_what_is_wrong_with_the_configuration(self):
        folder = hosts.plugin_folder(self, "greeting")
        file = folder / "mortise.toml"
        self.control = folder / "control.sock"
        right = f"plugins.directory = '{folder}'\nplugins.all = true\n" \
                f"admin.socket = '{self.control}'\nlistener = [{{address = '127.0.0.1:0'}}]\n"
        file.write_text(right)
        file.chmod(0o644)
        self.host = hosts.Host(self, config=file)
        file.write_text(right + "nonsense = 1\n")
        self.assertIn("nonsense", self.refused())
        file.write_text(right)
        self.assert_serves(self.upgrade())

    def test_starts_what_lies_at_its_path_by_then(self):
        program = hosts.plugin_folder(self) / "mortise"
        shutil.copy(hosts.PROGRAM, program)
        self.serve(under=("sh", "-c", f'shift; exec "{program}" "$@"', "sh"))
        program.unlink()
        self.assertIn("cannot be started: No such file", self.refused())
        program.write_text("#!/bin/sh\nexit 7\n")
        program.chmod(0o755)
        self.assertIn("ended with exit code 7 before it was ready", self.refused())
        program.unlink()
        shutil.copy(hosts.PROGRAM, program)
        self.assert_serves(self.upgrade())

    def hanging(self):
        """A host whose next one does not come to serve, once an upgrade has begun; its process."""
        folder = hosts.plugin_folder(self, "greeting")
        self.serve("--no-probe", folder=folder)
        shutil.copyfile(hosts.plugin_file("hangs_in_create"), folder / "hangs_in_create.so")
        (folder / "hangs_in_create.so").chmod(0o644)
        self.host.signal(signal.SIGUSR2)
        self.host.wait_for_line("upgrade: starting the new host")
        process = pathlib.Path(f"/proc/{self.host.process.pid}")
        children = process / "task" / process.name / "children"
        self.host.wait_until(lambda: children.read_text().split())
        return int(children.read_text().split()[0]), folder

    def test_changes_nothing_where_the_new_one_is_killed(self):
        process, _ = self.hanging()
        self.assertIn("an upgrade is under way", self.refused())
        os.kill(process, signal.SIGKILL)
        self.host.wait_for_line("the new host does not serve.*by SIGKILL before it was ready")
        self.assert_serves(self.host.process.pid)

    def test_leaves_the_service_to_the_new_one_where_the_old_one_is_killed(self):
        folder = hosts.plugin_folder(self)
        program, gate = folder / "mortise", folder / "gate"
        shutil.copy(hosts.PROGRAM, program)
        self.serve(under=("sh", "-c", f'shift; exec "{program}" "$@"', "sh"))
        program.unlink()
        program.write_text(f'#!/bin/sh\nread word < "{gate}"\nexec "{hosts.PROGRAM}" "$@"\n')
        program.chmod(0o755)
        os.mkfifo(gate)
        self.host.signal(signal.SIGUSR2)
        with open(gate, "w", encoding="ascii") as waits: # once the new one is there
            self.host.process.kill()
            self.host.wait_for_end()
            waiting = clients.Client(self.host).send(clients.get())
            waits.write("go\n")
        self.assertEqual(waiting.answer().content, b"Hello, Ada!\n")
        self.host.wait_for_line("has ended before it could hand over; this one serves")
        process = self.status()["pid"]
        upgrades.end(process)
        self.assertFalse(self.control.exists())

    def test_stops_the_new_one_too_where_the_host_is_told_to_stop(self):
        process, _ = self.hanging()
        end = os.pidfd_open(process)
        self.addCleanup(os.close, end)
        self.host.stop()
        self.assertTrue(select.select([end], [], [], hosts.PATIENCE)[0])

    def test_starts_cleanly_after_both_were_killed_and_says_what_it_found(self):
        process, folder = self.hanging()
        self.host.process.kill()
        self.host.wait_for_end()
        upgrades.end(process, signal.SIGKILL)
        (folder / "hangs_in_create.so").unlink()
        next_one = hosts.Host(self, "--control", self.control, folder=folder,
                              listen=f"127.0.0.1:{self.host.port}")
        next_one.wait_for_line("a host has ended without removing its control socket")
        self.host = next_one
        self.assert_serves(next_one.process.pid)


if __name__ == "__main__":
    unittest.main()
