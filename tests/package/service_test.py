# SPDX-License-Identifier: BSL-1.0
"""The service and the socket unit of the package, as systemd reads them and as a host lives by them."""

import re
import unittest

import guests
import machines

GREATEST_EXPOSURE = 1.6
UNITS = "/lib/systemd/system"


class Service(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.machine = machines.Machine(cls)
        cls.machine.install(machines.package_files()["mortise"], "logrotate", "man-db", "procps")

    def test_is_without_a_fault_for_systemd(self):
        told = self.machine.run("systemd-analyze", "verify", f"{UNITS}/mortise.service",
                                f"{UNITS}/mortise.socket")
        self.assertEqual(told, "")

    def test_may_do_little(self):
        told = self.machine.run("systemd-analyze", "security", "--offline=true", "--no-pager",
                                "mortise.service")
        line = next(line for line in told.splitlines() if "Overall exposure level" in line)
        print(line)
        self.assertLessEqual(float(re.search(r": (\d+\.\d+) ", line).group(1)), GREATEST_EXPOSURE)

    def test_is_enabled_and_its_socket_is_not(self):
        self.assertEqual(self.machine.run("systemctl", "is-enabled", "mortise.service"), "enabled\n")
        told = self.machine.run("systemctl", "is-enabled", "mortise.socket", check=False)
        self.assertEqual(told, "disabled\n")

    def test_has_a_sound_configuration(self):
        self.assertEqual(self.machine.run("mortise", "check", user="mortise"),
                         "the configuration is sound\n")

    def test_is_started_by_a_connection_and_tells_what_it_does(self):
        manager = guests.Manager(self, self.machine)
        name = re.search(r"^FileDescriptorName=(\w+)$",
                         (self.machine.root / f"{UNITS}/mortise.socket".lstrip("/")).read_text(),
                         flags=re.MULTILINE).group(1)
        activator = guests.Activated(self, self.machine, manager, name)
        self.assertEqual(guests.get(self.machine, "http://127.0.0.1:8080/Ada"), "Hello, Ada!\n")
        self.assertEqual(manager.next(),
                         "READY=1\nSTATUS=serving 1 plugin at http://127.0.0.1:8080/")
        self.machine.run("mortise", "reload")
        self.assertRegex(manager.next(), r"^RELOADING=1\nMONOTONIC_USEC=\d+$")
        self.assertRegex(manager.next(), r"^READY=1\n")
        activator.stop()
        self.assertRegex(manager.next(), r"^STOPPING=1\n")

    def test_rotates_its_log_without_losing_a_line(self):
        host = guests.Host(self, self.machine, "mortise", "run", user="mortise")
        host.get("/before")
        log = self.machine.root / "var/log/mortise/access.log"
        host.wait_until(lambda: "/before" in log.read_text())
        told = self.machine.run("logrotate", "--verbose", "--force", "/etc/logrotate.d/mortise")
        self.assertNotIn("error", told)
        host.get("/after")
        host.stop()
        self.assertIn('"GET /before HTTP/1.1" 200', log.with_suffix(".log.1").read_text())
        self.assertIn('"GET /after HTTP/1.1" 200', log.read_text())
        self.assertNotIn("/before", log.read_text())


if __name__ == "__main__":
    unittest.main()
