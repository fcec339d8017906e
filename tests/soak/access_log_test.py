# SPDX-License-Identifier: BSL-1.0
"""A million requests and rotations: each has its line in one of the files, or is counted as dropped."""

import pathlib
import re
import signal
import tempfile
import time
import unittest

import hosts
import soaks


class AccessLog(unittest.TestCase):
    requests = soaks.form(20_000, 1_000_000)
    LOAD = ("/Ada:0:keep", "/Bo:0:keep", "/Cy:0:keep", "/Di:0:fresh")

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mortise-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.file = self.folder / "access.log"

    def rotate(self, number):
        self.file.rename(self.folder / f"access.log.{number}")
        self.host.process.send_signal(signal.SIGUSR1)
        self.host.wait_until(self.file.exists)

    def served(self):
        """Lines so far; each file ends with a whole one, or with what is being written."""
        return sum(each.read_bytes().count(b"\n") for each in self.folder.iterdir())

    def dropped(self):
        lines = "\n".join(self.host.err.rest())
        return sum(map(int, re.findall(r"access log lines were dropped count=(\d+)", lines)))

    def test_accounts_for_every_request(self):
        self.host = hosts.Host(self, "--access-log", "combined", "--access-log-file", self.file)
        askers = soaks.Askers(self, self.host, *self.LOAD)
        begin = time.monotonic()
        rotations = 0
        while self.served() < self.requests:
            rotations += 1
            self.rotate(rotations)
            time.sleep(soaks.form(0.05, 2)) # of load between two rotations
        counted = askers.end()
        seconds = time.monotonic() - begin
        self.host.stop()
        answers, dropped, lines = counted["all"]["answers"], self.dropped(), self.served()
        print(f"{answers} answers in {seconds:.1f} s, {lines} lines in {rotations + 1} files, "
              f"{dropped} counted as dropped")
        self.assertEqual(counted["all"]["faults"], 0)
        self.assertGreaterEqual(answers, self.requests)
        self.assertEqual(lines + dropped, answers)


if __name__ == "__main__":
    unittest.main()
