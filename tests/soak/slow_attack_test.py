# SPDX-License-Identifier: BSL-1.0
"""slowhttptest in all its modes beside well-behaved clients: those are served as if it was not there."""

import os
import re
import subprocess
import time
import unittest

import clients
import hosts
import soaks

MODES = {"headers": ["-H", "-u"], "body": ["-B", "-u"], "range": ["-R", "-u"],
         "read": ["-X", "-w", "1", "-y", "2", "-n", "1", "-z", "1", "-k", "3", "-u"]}
ANSWERED_AT_ONCE = ["range"]  # all others hold their connections


class SlowAttack(unittest.TestCase):
    connections = soaks.form(100, 1000)
    seconds = soaks.form(3, 30)
    LOAD = ("/Ada:0:keep", "/Eve:0:fresh")

    @classmethod
    def setUpClass(cls):
        # The attacker polls all of its connections in turn, and takes a third of a core for that.
        # In life that is another machine's; here it is another core's, where times are judged.
        cls.attacker_core = []
        cores = os.sched_getaffinity(0)
        if soaks.IS_LONG and len(cores) > 1:
            cls.addClassCleanup(os.sched_setaffinity, 0, cores)
            os.sched_setaffinity(0, {min(cores)})
            cls.attacker_core = ["taskset", "--cpu-list", str(max(cores))]

    def serve(self):
        soaks.allow_descriptors(4 * self.connections)
        self.control = hosts.plugin_folder(self) / "control.sock"
        return hosts.Host(self, "--header-timeout", "5s", "--content-timeout", "5s",
                          "--write-timeout", "5s", "--control", self.control,
                          plugins=("greeting", "echo"))

    def accepted(self):
        """Connections so far."""
        text = clients.curl(self.host, "/metrics", "--unix-socket", self.control)
        return int(re.search(rb"^mortise_connections_accepted_total (\d+)", text, re.MULTILINE)[1])

    def most_open(self, attack, files_at_rest):
        """How many connections were open at a time until the attack ended."""
        most = 0
        while attack.poll() is None:
            most = max(most, len(self.host.open_files()) - files_at_rest)
            time.sleep(soaks.form(0.02, 0.2))
        return most

    def attack(self, mode, path):
        """Begins the attack; it ends by itself."""
        process = subprocess.Popen(
            [*self.attacker_core, "slowhttptest", "-c", str(self.connections), "-r", str(self.connections), "-i", "1",
             "-l", str(self.seconds), "-x", "24", "-p", "5", "-v", "1", *MODES[mode],
             self.host.url + path],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.kill)
        return process

    def measure(self, mode):
        before = self.accepted()
        files_at_rest = len(self.host.open_files())
        askers = soaks.Askers(self, self.host, *self.LOAD)
        if mode is None:
            try:
                self.host.process.wait(self.seconds / 2)
            except subprocess.TimeoutExpired:
                pass
        else:
            attack = self.attack(mode, "echo" if mode == "body" else "Ada")
            most = self.most_open(attack, files_at_rest)
            self.assertEqual(attack.returncode, 0, attack.stdout.read())
            if soaks.IS_LONG and mode not in ANSWERED_AT_ONCE:
                self.assertGreater(most, self.connections) # with the asker that keeps its own
        counted = askers.end()
        soaks.judge(self, counted)
        if soaks.IS_LONG and mode is not None:
            fresh = sum(each["answers"] for name, each in counted.items() if "/Eve" in name)
            self.assertGreaterEqual(self.accepted() - before, self.connections + fresh)
        return max(values["p99_us"] for name, values in counted.items() if name != "all")

    def test_disturbs_nobody(self):
        for mode in MODES:
            with self.subTest(mode):
                self.host = self.serve()
                before = self.measure(None)
                during = self.measure(mode)
                after = self.measure(None)
                undisturbed = max(before, after)
                print(f"{mode}: {self.connections} connections, p99 {during} us, undisturbed "
                      f"{before} and {after} us, {during / undisturbed:.2f} times; 0 refused")
                if soaks.IS_LONG:
                    self.assertLessEqual(during, 2 * undisturbed)


if __name__ == "__main__":
    unittest.main()
