# SPDX-License-Identifier: BSL-1.0
"""A plugin of each fault is asked all the time, beside a healthy one: that one loses nothing."""

import contextlib
import shutil
import threading
import time
import unittest

import clients
import hosts
import soaks


class Faults(unittest.TestCase):
    seconds = soaks.form(0.3, 4)
    LOAD = ("/Ada:0:keep", "/Eve:0:fresh")
    # One that is kept on a loop that is held waits for that loop.
    FRESH_LOAD = ("/Ada:0:fresh", "/Eve:0:fresh")

    # Answer, or fail to, and go on.
    LIVING = ("throws", "throws_in_handle", "fails_in_handle", "replies_nothing", "replies_twice",
              "replies_after_cancel", "replies_from_thread", "unknown_result", "waits_unasked",
              "bad_fields", "never_replies", "leaks", "holds_forever", "starts_thread", "pinned",
              "unique_symbols", "static_tls")
    # Holds a loop until that leaves it.
    LOOPING = "loops_forever"
    # Hold a loop; the kernel gives it connections until the host has seen that.
    HOLDING = ("blocks_10s",)
    # Are refused, each in its own way; a name that no plugin of the museum has is a broken file.
    REFUSED = ("throws_in_create", "crashing_static_ctor", "hangs_in_create", "fails_in_create",
               "fails_in_configure", "fails_in_loop_start", "missing_symbol", "undefined_symbol",
               "missing_note", "older_abi", "newer_abi", "wrong_size", "bad_config",
               "conflicting_right", "truncated", "not_elf")

    def ask_for(self, path, host, is_over):
        """Asks some hundred times a second."""
        while not is_over.is_set():
            with contextlib.suppress(OSError, AssertionError):
                client = clients.Client(host)
                client.socket.settimeout(0.01)
                with contextlib.suppress(TimeoutError):
                    client.send(clients.get(path)).socket.recv(1000)
                client.close()
            is_over.wait(0.005)

    def deploy(self, content, name, host, is_over):
        """Puts a file with that content there."""
        beside = hosts.plugin_folder(self) / name
        beside.write_bytes(content)
        shutil.move(beside, host.folder / name)
        is_over.wait()

    def load_beside(self, load, disturb, *arguments):
        """What the healthy plugin's clients counted, while it is disturbed."""
        is_over = threading.Event()
        disturbing = threading.Thread(target=disturb, args=(*arguments, is_over))
        disturbing.start()
        askers = soaks.Askers(self, arguments[-1], *load)
        time.sleep(self.seconds)
        counted = askers.end()
        is_over.set()
        disturbing.join()
        return counted

    def serve(self, *options, plugins):
        return hosts.Host(self, "--workers", "2", "--handler-timeout", "1s", "--drain-timeout", "1s",
                          "--log-level", "error", *options, plugins=plugins)

    def measure(self, name, *options, load=LOAD):
        host = self.serve(*options, plugins=[name, "greeting"])
        counted = [self.load_beside(load, self.ask_for, path, host)
                   for path in ("/healthy", "/fault")]
        host.signal()
        host.wait_for_end()
        return self.compare(name, *counted)

    def compare(self, name, before, after):
        """How many times the healthy one's p99 is what it is without the fault."""
        self.assertEqual(after["all"]["faults"], 0, [each["told"] for each in after.values()])
        p99 = [max(values["p99_us"] for path, values in counted.items() if path != "all")
               for counted in (before, after)]
        print(f"{name}: {after['all']['answers']} answers of the healthy one, 0 lost; p99 "
              f"{p99[1]} us, undisturbed {p99[0]} us: {p99[1] / max(p99[0], 1):.2f}")
        return p99[1] / max(p99[0], 1)

    def test_beside_a_healthy_plugin_take_nothing_from_it(self):
        for name in self.LIVING:
            with self.subTest(name):
                ratio = self.measure(name)
                if soaks.IS_LONG:
                    self.assertLessEqual(ratio, 1.5)

    @unittest.skipIf(hosts.SANITIZER == "thread", "such a call cannot be left then")
    def test_that_loop_for_ever_take_nothing_but_the_time_until_they_are_left(self):
        ratio = self.measure(self.LOOPING, "--stall-timeout", "50ms", "--call-timeout", "100ms")
        if soaks.IS_LONG:
            self.assertLessEqual(ratio, 1.5)

    def test_that_are_refused_take_nothing_from_what_serves(self):
        for name in self.REFUSED:
            with self.subTest(name):
                # Longer than the trial of a sound one takes on a machine with other work.
                host = self.serve("--probe-timeout", "5s",
                                  plugins=["conflicting_left", "greeting"])
                before = self.load_beside(self.LOAD, self.ask_for, "/healthy", host)
                after = self.load_beside(self.LOAD, self.deploy, self.content_of(name),
                                         f"{name}.so", host)
                host.wait_for_line(rf" error .*/{name}\.so: ")
                host.stop()
                ratio = self.compare(name, before, after)
                if soaks.IS_LONG:
                    self.assertLessEqual(ratio, 1.5)

    def content_of(self, name):
        if name == "truncated":
            return hosts.plugin_file("sound").read_bytes()[:1000]
        if name == "not_elf":
            return b"#!/bin/sh\n"
        return hosts.plugin_file(name).read_bytes()

    def test_that_hold_a_loop_take_no_new_client_with_them(self):
        for name in self.HOLDING:
            with self.subTest(name):
                self.measure(name, "--stall-timeout", "50ms", "--set",
                             f"{name.replace('_', '-')}.milliseconds=300", load=self.FRESH_LOAD)


if __name__ == "__main__":
    unittest.main()
