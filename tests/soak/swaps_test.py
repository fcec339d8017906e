# SPDX-License-Identifier: BSL-1.0
"""Many swaps under load: every byte is right, nothing is closed, and old code and memory go."""

import pathlib
import shutil
import signal
import time
import unittest

import generations
import hosts
import soaks

def copies(host):
    maps = pathlib.Path(f"/proc/{host.process.pid}/maps").read_text()
    return {line.split(maxsplit=5)[5] for line in maps.splitlines()
            if "/mortise-" in line and line.endswith("/generations.so")}


class Swaps(unittest.TestCase):
    swaps = soaks.form(15, 1000)
    requests = soaks.form(0, 1_000_000)

    LOAD = ("/now:1:keep", "/now:1:keep", "/now:1:keep", "/now:1:fresh", "/later:1:keep",
            "/stream:10:keep", "/large:3641:keep")

    def serve(self):
        folder = hosts.plugin_folder(self)
        generations.write(folder, 1)
        self.host = hosts.Host(self, "--workers", "2", "--no-watch", folder=folder)

    def lines(self, text):
        return sum(text in line for line in self.host.err.all())

    def deploy(self, number):
        before = self.lines("replaces=")
        generations.write(self.host.folder, number)
        self.host.process.send_signal(signal.SIGHUP)
        self.host.wait_until(lambda: self.lines("replaces=") > before)

    def wait_for_one_copy(self):
        self.host.wait_until(lambda: len(copies(self.host)) == 1)

    def test_lose_nothing_and_leave_nothing(self):
        self.serve()
        quiet = soaks.Askers(self, self.host, *self.LOAD)
        time.sleep(soaks.form(0.2, 5))
        undisturbed = quiet.end()["all"]["gap_us"]
        askers = soaks.Askers(self, self.host, *self.LOAD)
        begin = time.monotonic()
        tenth = 0
        for number in range(2, self.swaps + 2):
            self.deploy(number)
            if number == 11:
                self.wait_for_one_copy()
                tenth = soaks.memory(self.host)
        self.wait_for_one_copy()
        last = soaks.memory(self.host)
        seconds = time.monotonic() - begin
        if soaks.IS_LONG: # the askers run as fast as the host, and need no more than this
            time.sleep(max(0, 60 - seconds))
        counted = askers.end()
        soaks.judge(self, counted)
        self.host.wait_until(lambda: self.lines("plugin unloaded") == self.swaps)
        total = counted["all"]
        print(f"{self.swaps} swaps in {seconds:.1f} s, {total['answers']} answers, 0 wrong or lost; "
              f"longest gap between answers {total['gap_us'] / 1000:.1f} ms, "
              f"without swaps {undisturbed / 1000:.1f} ms; "
              f"memory after the last swap {last - tenth:+} bytes against the tenth")
        for name, values in counted.items():
            print("   ", values["told"])
        self.assertGreaterEqual(total["answers"], self.requests)
        self.assertEqual(len(copies(self.host)), 1)
        if soaks.IS_LONG:
            self.assertLessEqual(last - tenth, 1 << 20)
            self.assertLessEqual(total["gap_us"], 20_000)

    FAILING = ("crashing_static_ctor", "hangs_in_create", "calls_exit", "throws_in_create",
               "fails_in_create", "fails_in_configure", "refused_route", "fails_in_loop_start",
               "missing_symbol", "undefined_symbol", "disagreeing_note")

    def test_that_fail_in_each_step_change_nothing(self):
        folder = hosts.plugin_folder(self)
        generations.write(folder, 1)
        for probe in (True, False):
            self.host = hosts.Host(
                self, "--workers", "2", "--no-watch", "--set", "calls-exit.early=yes",
                *(("--probe-timeout", "1s") if probe else ("--no-probe",)), folder=folder)
            askers = soaks.Askers(self, self.host, *self.LOAD)
            before = copies(self.host)
            names = self.FAILING if probe else self.FAILING[3:] # the first three take the host along
            for name in names * soaks.form(1, 5):
                with self.subTest(name, probe=probe):
                    told = self.lines("generations.so: ")
                    shutil.copyfile(hosts.plugin_file(name), folder / "generations.so")
                    self.host.process.send_signal(signal.SIGHUP)
                    self.host.wait_until(lambda told=told: self.lines("generations.so: ") > told)
                    self.host.wait_until(lambda: copies(self.host) == before)
            soaks.judge(self, askers.end())
            generations.write(folder, 1)
            self.host.stop()


if __name__ == "__main__":
    unittest.main()
