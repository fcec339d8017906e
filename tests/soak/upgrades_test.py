# SPDX-License-Identifier: BSL-1.0
"""Upgrades under load, on one host and without a proxy: nothing fails, and nobody is refused."""

import time
import unittest

import hosts
import soaks
import upgrades


class Upgrades(unittest.TestCase):
    upgrades = soaks.form(3, 20)

    LOAD = ("/Ada:0:keep", "/Ada:0:keep", "/Ada:0:keep", "/Ada:0:fresh", "/Ada:0:fresh")

    def test_lose_nothing(self):
        control = hosts.plugin_folder(self) / "control.sock"
        host = hosts.Host(self, "--workers", "2", "--no-watch", "--control", control)
        askers = soaks.Askers(self, host, *self.LOAD)
        begin = time.monotonic()
        for _ in range(self.upgrades):
            upgrades.upgrade(self, control, host)
        self.assertEqual(host.wait_for_end(), 0)
        seconds = time.monotonic() - begin
        counted = askers.end()
        total = counted["all"]
        print(f"{self.upgrades} upgrades in {seconds:.1f} s, {total['answers']} answers, "
              f"{total['faults']} failed or refused; "
              f"longest gap between answers {total['gap_us'] / 1000:.1f} ms")
        for values in counted.values():
            print("   ", values["told"])
        soaks.judge(self, counted, may_reconnect=True)
        for values in counted.values():
            self.assertGreater(values["answers"], 0, values["told"])


if __name__ == "__main__":
    unittest.main()
