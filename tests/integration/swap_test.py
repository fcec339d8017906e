# SPDX-License-Identifier: BSL-1.0
"""Plugins that join, are replaced and leave while the host serves."""

import os
import pathlib
import re
import shutil
import signal
import socket
import threading
import time
import unittest

import clients
import generations
import hosts

SWAPS = 200
def read_answer(stream):
    """Status and content of the next answer on a buffered socket."""
    status = stream.readline()
    if not status:
        raise ConnectionError("the host closed the connection")
    length = None
    chunked = False
    while (line := stream.readline()) not in (b"\r\n", b""):
        name, _, value = line.partition(b":")
        length = int(value) if name.lower() == b"content-length" else length
        chunked = chunked or name.lower() == b"transfer-encoding"
    content = b""
    if not chunked:
        content = stream.read(length)
    while chunked and (size := int(stream.readline(), 16)):
        content += stream.read(size)
        stream.readline()
    if chunked:
        stream.readline()
    return int(status.split()[1]), content


class Asker(threading.Thread):
    """Asks for one path again and again, and judges every byte of what comes."""

    def __init__(self, host, path, lines, keep_alive=True):
        super().__init__(daemon=True)
        self.host, self.path, self.lines, self.keep_alive = host, path, lines, keep_alive
        self.answers = 0
        self.faults = []
        self.newest = 0
        self._is_over = threading.Event()
        self.start()

    def run(self):
        try:
            while not self._is_over.is_set():
                with socket.create_connection((self.host.address, int(self.host.port))) as to:
                    stream = to.makefile("rb")
                    while not self._is_over.is_set():
                        to.sendall(clients.get(self.path))
                        self.judge(*read_answer(stream))
                        if not self.keep_alive:
                            break
        except (OSError, ValueError) as fault:
            self.faults.append(repr(fault))

    def judge(self, status, content):
        self.answers += 1
        found = re.fullmatch(rb"((?:generation (\d{6})\n))\1*", content)
        if status != 200 or not found or content.count(b"\n") != self.lines:
            self.faults.append(f"{self.path}: {status} {content[:80]}")
            return
        number = int(found.group(2))
        if self.keep_alive and number < self.newest: # loops change one after the other
            self.faults.append(f"{self.path}: generation {number} behind {self.newest}")
        self.newest = number

    def end(self):
        self._is_over.set()
        self.join(hosts.PATIENCE)


def mapped_copies(host):
    """The files of generations that the process has mapped."""
    maps = pathlib.Path(f"/proc/{host.process.pid}/maps").read_text()
    return {line.split(maxsplit=5)[5] for line in maps.splitlines() if "/mortise-" in line and
            line.endswith("/generations.so")}


class Generations(unittest.TestCase):
    """A host with two loops, and the lines that it writes."""

    def host(self, *options, plugins=(), generation=1):
        folder = hosts.plugin_folder(self, *plugins)
        generations.write(folder, generation)
        return hosts.Host(self, "--workers", "2", *options, folder=folder)

    @staticmethod
    def lines(host, text):
        return [line for line in host.err.all() if text in line]

    def ask(self, host, path="/now"):
        return clients.parse(clients.curl(host, path))


class Swap(Generations):
    def host(self, *options, **more):
        return super().host("--no-watch", *options, **more)

    def reload(self, host, pattern):
        host.process.send_signal(signal.SIGHUP)
        return host.wait_for_line(pattern)

    def deploy(self, host, number):
        """Puts a generation into service."""
        before = len(self.lines(host, "replaces="))
        generations.write(host.folder, number)
        host.process.send_signal(signal.SIGHUP)
        host.wait_until(lambda: len(self.lines(host, "replaces=")) > before)

    def swap(self, host, number):
        """The same, and waits until every generation before is unmapped."""
        self.deploy(host, number)
        host.wait_until(lambda: len(mapped_copies(host)) == 1)

    def test_replaces_a_plugin_and_unmaps_the_old_one(self):
        host = self.host()
        self.assertEqual(self.ask(host).content, b"generation 000001\n")
        old = mapped_copies(host)
        self.swap(host, 2)
        self.assertEqual(self.ask(host).content, b"generation 000002\n")
        new = mapped_copies(host)
        self.assertEqual(len(new), 1)
        self.assertFalse(new & old)
        self.assertFalse(any(pathlib.Path(file).exists() for file in old))
        self.assertEqual(len(self.lines(host, "replaces=1.0.0")), 1)

    def test_loses_nothing_under_load(self):
        # A sanitizer's process takes a second to start.
        host = self.host(*(["--no-probe"] if hosts.IS_SANITIZED else []))
        askers = [Asker(host, "/now", 1), Asker(host, "/now", 1, keep_alive=False),
                  Asker(host, "/later", 1), Asker(host, "/stream", 10), Asker(host, "/large", 3641)]
        for number in range(2, SWAPS + 2):
            self.deploy(host, number)
        for asker in askers:
            asker.end()
        host.wait_until(lambda: len(self.lines(host, "plugin unloaded")) == SWAPS)
        self.assertEqual([asker.faults for asker in askers], [[]] * len(askers))
        self.assertTrue(all(asker.answers > 3 for asker in askers))
        self.assertEqual(len(mapped_copies(host)), 1)
        self.assertEqual(self.ask(host).content, b"generation %06d\n" % (SWAPS + 1))

    def test_adds_and_removes_plugins(self):
        host = self.host()
        shutil.copyfile(hosts.plugin_file("greeting"), host.folder / "greeting.so")
        self.reload(host, "plugin loaded id=greeting")
        self.assertEqual(self.ask(host, "/Ada").content, b"Hello, Ada!\n")
        (host.folder / "generations.so").unlink()
        self.reload(host, "plugin unloaded plugin=generations")
        self.assertEqual(self.ask(host, "/now").content, b"Hello, now!\n")
        self.assertEqual(len(mapped_copies(host)), 0)

    def test_says_that_nothing_has_changed(self):
        host = self.host()
        os.utime(host.folder / "generations.so")
        generations.write(host.folder, 1)
        self.reload(host, "no plugin has changed")
        self.assertEqual(self.lines(host, "plugin loaded id=generations")[1:], [])

    def test_keeps_what_serves_where_the_new_one_is_bad(self):
        host = self.host(plugins=["greeting"])
        bad = {"truncated": lambda code: code[:1000],
               "garbage": lambda _: b"garbage" * 500,
               "empty": lambda _: b""}
        for name, change in bad.items():
            with self.subTest(name):
                file = host.folder / "generations.so"
                told = len(self.lines(host, " error "))
                file.write_bytes(change(file.read_bytes()))
                host.process.send_signal(signal.SIGHUP)
                host.wait_until(lambda: len(self.lines(host, " error ")) > told)
                self.assertIn("generations.so: ", self.lines(host, " error ")[-1])
                self.assertEqual(self.ask(host).content, b"generation 000001\n")
        self.swap(host, 2)
        self.assertEqual(self.ask(host).content, b"generation 000002\n")

    def test_keeps_what_serves_where_a_step_of_the_new_one_fails(self):
        for name in ("fails_in_create", "fails_in_configure", "throws_in_create",
                     "fails_in_loop_start", "refused_route", "conflicting_left"):
            with self.subTest(name):
                plugins = ["conflicting_right"] if name == "conflicting_left" else ["greeting"]
                host = self.host(plugins=plugins)
                before = mapped_copies(host)
                shutil.copyfile(hosts.plugin_file(name), host.folder / "generations.so")
                host.process.send_signal(signal.SIGHUP)
                host.wait_for_line(r" error .*generations\.so: ")
                host.wait_until(lambda: mapped_copies(host) == before)
                self.assertEqual(self.ask(host).content, b"generation 000001\n")

    def test_takes_in_what_is_sound_beside_what_is_not(self):
        host = self.host()
        for name in ("fails_in_loop_start", "greeting", "throws_in_create"):
            shutil.copyfile(hosts.plugin_file(name), host.folder / f"{name}.so")
        self.reload(host, "plugin loaded id=greeting")
        self.assertEqual(self.ask(host, "/Ada").content, b"Hello, Ada!\n")
        for name in ("fails_in_loop_start", "throws_in_create"):
            host.wait_for_line(rf" error .*/{name}\.so: ")

    def test_follows_plugins_to_other_names_of_their_files(self):
        host = self.host(plugins=["greeting"])
        one, two = (host.folder / f"{name}.so" for name in ("generations", "greeting"))
        one.rename(host.folder / "aside")
        two.rename(one)
        (host.folder / "aside").rename(two)
        self.reload(host, "no plugin has changed")
        generations.write(host.folder, 2, "greeting.so")
        self.reload(host, "plugin unloaded plugin=generations")
        self.assertEqual(self.ask(host).content, b"generation 000002\n")
        two.rename(one) # over the greeting
        self.reload(host, "plugin unloaded plugin=greeting")
        self.assertEqual(self.ask(host, "/Ada").status, 404)
        self.assertEqual(self.ask(host).content, b"generation 000002\n")

    def test_takes_one_of_two_files_with_the_same_plugin(self):
        host = self.host()
        generations.write(host.folder, 2, "another.so")
        self.reload(host, r" error .*/another\.so: has the id \"generations\" of .*/generations\.so; ")
        self.assertEqual(self.ask(host).content, b"generation 000001\n")

    def test_refuses_to_take_the_last_plugin_out(self):
        host = self.host()
        (host.folder / "generations.so").unlink()
        self.reload(host, "no plugin would be left in service: nothing is changed")
        self.assertEqual(self.ask(host).content, b"generation 000001\n")

    def test_waits_for_what_began_on_the_old_one(self):
        host = self.host()
        waiting = clients.Client(host).send(clients.get("/later"))
        stream = clients.Client(host).send(clients.get("/stream", "Connection: close"))
        while not stream.has_bytes():
            pass
        self.swap(host, 2)
        self.assertEqual(waiting.answer().content, b"generation 000001\n")
        self.assertEqual(stream.rest().count(b"generation 000001\n"), 10)

    def test_cuts_off_what_does_not_end_in_its_time(self):
        host = self.host("--drain-timeout", "100ms")
        waiting = clients.Client(host).send(clients.get("/forever"))
        self.swap(host, 2)
        self.assertEqual(waiting.answer().status, 503)
        self.assertEqual(len(self.lines(host, "what is left is cut off")), 1)
        self.assertEqual(len(mapped_copies(host)), 1)

    def test_stops_in_the_middle_of_a_swap(self):
        host = self.host()
        waiting = clients.Client(host).send(clients.get("/later"))
        generations.write(host.folder, 2)
        host.process.send_signal(signal.SIGHUP)
        host.stop()
        self.assertEqual(waiting.answer().status, 200)


class Watch(Generations):
    """What the host sees of its plugin directory by itself."""

    def wait_for_generation(self, host, number):
        host.wait_until(lambda: self.ask(host).content == b"generation %06d\n" % number)

    def test_takes_a_renamed_file_into_service(self):
        host = self.host()
        generations.write(host.folder, 2)
        self.wait_for_generation(host, 2)

    def test_takes_a_new_plugin_into_service(self):
        host = self.host()
        shutil.copyfile(hosts.plugin_file("greeting"), host.folder / "greeting.so")
        host.wait_for_line("plugin loaded id=greeting")
        self.assertEqual(self.ask(host, "/Ada").content, b"Hello, Ada!\n")

    def test_waits_until_a_file_is_written_whole(self):
        host = self.host()
        generations.write(host.folder, 2, "whole")
        code = (host.folder / "whole").read_bytes()
        with open(host.folder / "generations.so", "wb") as file:
            for at in range(0, len(code), len(code) // 8 + 1):
                file.write(code[at:at + len(code) // 8 + 1])
                file.flush()
                time.sleep(0.3) # the writer's pace, longer than a moment of quiet
        self.wait_for_generation(host, 2)
        self.assertEqual(self.lines(host, " error "), [])

    def test_takes_many_files_as_one_change(self):
        host = self.host()
        for number in range(50):
            generations.write(host.folder, 2 + number)
        self.wait_for_generation(host, 51)
        host.wait_for_line("plugin unloaded")
        self.assertLess(len(self.lines(host, "plugin loaded")), 25)

    def test_says_that_the_same_bytes_change_nothing(self):
        host = self.host()
        generations.write(host.folder, 1)
        host.wait_for_line("no plugin has changed")

    def releases(self):
        """A folder with two releases, 1 and 2, and a link to the first, current."""
        releases = hosts.plugin_folder(self)
        for number in (1, 2):
            (releases / str(number)).mkdir()
            generations.write(releases / str(number), number)
        (releases / "current").symlink_to("1")
        return releases

    @staticmethod
    def switch(releases):
        """Lets current lead to the second one."""
        (releases / "next").symlink_to("2")
        (releases / "next").rename(releases / "current")

    def test_follows_links(self):
        releases = self.releases()
        folder = hosts.plugin_folder(self)
        (folder / "generations.so").symlink_to(releases / "current/generations.so")
        host = hosts.Host(self, folder=folder)
        self.switch(releases)
        self.wait_for_generation(host, 2)
        generations.write(releases / "2", 3)
        self.wait_for_generation(host, 3)
        generations.write(releases, 4)
        (folder / "new").symlink_to(releases / "generations.so")
        (folder / "new").rename(folder / "generations.so")
        self.wait_for_generation(host, 4)

    def test_follows_the_directory_behind_a_link(self):
        releases = self.releases()
        host = hosts.Host(self, folder=releases / "current")
        self.switch(releases)
        self.wait_for_generation(host, 2)

    def test_serves_on_whatever_happens_to_the_file(self):
        host = self.host()
        file = host.folder / "generations.so"
        code = file.read_bytes()
        other = code.replace(b"generation 000001", b"generation 000002")
        asker = Asker(host, "/now", 1, keep_alive=False) # the last generation is older
        for name, change, line in (
                ("truncated", lambda: os.truncate(file, 1000), r" error .*generations\.so: "),
                ("overwritten", lambda: file.write_bytes(other), "plugin loaded .*replaces="),
                ("deleted", file.unlink, "warning the file of a plugin is gone, which serves on"),
                ("garbage", lambda: file.write_bytes(b"garbage" * 500), "is not an ELF file"),
                ("a folder", lambda: (file.unlink(), file.mkdir()), "is not a regular file")):
            with self.subTest(name):
                change()
                host.wait_for_line(line)
        file.rmdir()
        file.write_bytes(code)
        host.wait_until(lambda: len(self.lines(host, "replaces=")) == 2)
        asker.end()
        self.assertEqual(asker.faults, [])

    def test_refuses_what_others_may_write(self):
        host = self.host()
        generations.write(host.folder, 2, "other")
        (host.folder / "other").chmod(0o666)
        (host.folder / "other").rename(host.folder / "generations.so")
        host.wait_for_line(r" error .*generations\.so: may be written by others; chmod go-w ")
        (host.folder / "generations.so").chmod(0o644)
        self.wait_for_generation(host, 2)

    def test_does_not_look_where_it_is_told_not_to(self):
        host = self.host("--no-watch")
        self.assertFalse(any("inotify" in file for file in host.open_files()))


if __name__ == "__main__":
    unittest.main()
