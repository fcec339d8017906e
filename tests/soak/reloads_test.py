# SPDX-License-Identifier: BSL-1.0
"""Many reloads under load: routes, plugins' values and listeners change, and no client notices."""

import pathlib
import tempfile
import time
import unittest

import clients
import generations
import hosts
import soaks


class Reloads(unittest.TestCase):
    reloads = soaks.form(10, 100)
    broken = soaks.form(4, 20)

    LOAD = tuple(f"/staying{path}" for path in ("/now:1:keep", "/now:1:keep", "/now:1:fresh",
                                                "/later:1:keep", "/stream:10:keep",
                                                "/large:3641:keep"))

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mortise-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.plugins = hosts.plugin_folder(self, "greeting", "hello")
        generations.write(self.plugins, 1)

    def configure(self, number, broken=""):
        """The configuration with that number: what stays, and what is another one each time."""
        listeners = ["127.0.0.1:0"]
        if number % 2:
            listeners.append(f"unix:{self.folder}/http.sock")
        greeting = "" if number % 5 == 4 else f"""
[plugin.greeting]
file = "greeting.so"
mount = "/greeting-{number}"
[plugin.greeting.config]
salutation = "Hello {number},"
"""
        (self.folder / "mortise.toml").write_text(f"""
[plugins]
directory = "{self.plugins}"
[server]
workers = 2
[admin]
socket = "{self.folder}/control.sock"
[deadlines]
keep_alive = "{60 + number}s"
[plugin.generations]
file = "generations.so"
mount = "/staying"
[plugin.hello]
file = "hello.so"
mount = "/hello-{number}"
{greeting}
""" + "".join(f'[[listener]]\naddress = "{each}"\n' for each in listeners) + broken)

    def reload(self):
        return hosts.run_to_end("reload", "--control", self.folder / "control.sock")

    def status_of(self, path):
        return clients.Client(self.host).send(clients.get(path)).answer().status

    def assert_serves(self, number):
        self.assertEqual(self.status_of(f"/hello-{number}/Ada"), 200)
        self.assertEqual(self.status_of(f"/greeting-{number}/Ada"), 404 if number % 5 == 4 else 200)

    def test_lose_nothing(self):
        self.configure(0)
        self.host = hosts.Host(self, config=self.folder / "mortise.toml")
        askers = soaks.Askers(self, self.host, *self.LOAD)
        begin = time.monotonic()
        for number in range(1, self.reloads + 1):
            self.configure(number)
            done = self.reload()
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assert_serves(number)
            self.assertEqual(self.status_of(f"/hello-{number - 1}/Ada"), 404)
        seconds = time.monotonic() - begin
        broken = ("[deadlines]\nwrite = 1\n", "[sever]\n", "[plugin.none]\nfile = \"none.so\"\n",
                  "[[listener]]\naddress = \"192.0.2.1:80\"\n")
        for number in range(self.broken):
            self.configure(self.reloads + 1, broken[number % len(broken)])
            done = self.reload()
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertNotEqual(done.stderr, "")
            self.assert_serves(self.reloads)
        counted = askers.end()
        soaks.judge(self, counted)
        total = counted["all"]
        print(f"{self.reloads} reloads in {seconds:.1f} s and {self.broken} broken ones, "
              f"{total['answers']} answers, 0 wrong or lost, 0 connections closed; "
              f"longest gap between answers {total['gap_us'] / 1000:.1f} ms")
        for values in counted.values():
            print("   ", values["told"])


if __name__ == "__main__":
    unittest.main()
