# SPDX-License-Identifier: BSL-1.0
"""The packages' life on a fresh Debian 12: installed, serving, built with, upgraded under load, removed
and purged."""

import unittest

import guests
import machines

BEFORE = machines.PACKAGES / "before"
PLUGINS = "/usr/local/lib/mortise/plugins"


def told(step, text):
    print(f"--- {step}\n{text}", flush=True)


class Life(unittest.TestCase):
    def setUp(self):
        self.machine = machines.Machine(self)
        self.manager = None

    def ours(self):
        """What is there by our name, or belongs to our user."""
        found = self.machine.run("find", "/", "-xdev", "(", "-path", "/proc", "-o", "-path",
                                 "/var/tmp", "-o", "-path", "/tmp", ")", "-prune", "-o", "(",
                                 "-path", "*mortise*", "-o", "-nouser", "-o", "-nogroup", ")",
                                 "-print")
        return sorted(found.split())

    def account(self):
        return [line for line in (self.machine.root / "etc/passwd").read_text().splitlines()
                if line.startswith("mortise:")]

    def test_from_nothing_to_nothing(self):
        before, now = machines.package_files(BEFORE), machines.package_files()
        self.install(before)
        host = self.serve()
        self.build_a_plugin()
        self.upgrade(now)
        self.stop(host)
        self.change_and_upgrade_again(before, now)
        self.remove()
        self.purge()

    def install(self, files):
        self.assertEqual(self.ours(), [])
        self.machine.install(files["mortise"], files["mortise-dev"], "cmake", "g++", "ninja-build")
        told("installed", self.machine.run("dpkg-query", "--show", "mortise*"))
        self.assertEqual(len(self.account()), 1)
        self.assertEqual(self.machine.run("mortise", "check", user="mortise"),
                         "the configuration is sound\n")

    def serve(self):
        """As the socket unit does."""
        self.manager = guests.Manager(self, self.machine)
        host = guests.Activated(self, self.machine, self.manager, "http")
        self.assertEqual(self.get("/Ada"), "Hello, Ada!\n")
        told("serves", self.machine.run("mortise", "status"))
        return host

    def get(self, path):
        return guests.get(self.machine, f"http://127.0.0.1:8080{path}")

    def build_a_plugin(self):
        """By what is installed alone, and by the hands of a user who may not write to the system: a
        project of its own, and a copy of an example, which is mounted."""
        self.machine.run("install", "-d", "-o", "nobody", "/srv/plugins")
        for name, made, mount in (
                ("mine", ["mortise", "new", "mine"], ""),
                ("hello", ["cp", "-r", "/usr/share/doc/mortise-dev/examples/hello", "."],
                 'mount = "/hello"\n')):
            project = f"/srv/plugins/{name}"
            for words in (made, ["cmake", "-G", "Ninja", "-S", project, "-B", f"{project}/build"],
                          ["cmake", "--build", f"{project}/build"],
                          ["mortise", "plugin", "check", f"{project}/build/{name}.so"]):
                out = self.machine.run("setpriv", "--reuid=nobody", "--clear-groups", "env",
                                       "--chdir=/srv/plugins", *words)
            told("checked", out)
            self.machine.run("install", "-D", "-m", "644", f"{project}/build/{name}.so",
                             f"{PLUGINS}/{name}.so")
            self.machine.write(f"/etc/mortise/plugins.d/{name}.toml",
                               f'[plugin.{name}]\nfile = "{PLUGINS}/{name}.so"\n{mount}')
        self.machine.run("mortise", "check", user="mortise")
        told("reloaded", self.machine.run("mortise", "reload"))
        for path in ("/mine/Ada", "/hello/Ada"):
            self.assertEqual(self.get(path), "Hello, Ada!\n")

    def upgrade(self, files):
        load = guests.Load(self, self.machine, "http://127.0.0.1:8080/hello/Ada")
        out = self.machine.install(files["mortise"], files["mortise-dev"])
        self.assertRegex(out, r"process \d+ serves now")
        counted = load.end()
        told("upgraded", f"{counted['answers']} answers, {len(counted['faults'])} lost\n" +
             self.machine.run("mortise", "status"))
        self.assertEqual(counted["faults"], [])
        self.assertGreater(counted["answers"], 100)
        version = machines.run("dpkg-deb", "--field", files["mortise"], "Version").strip()
        self.assertIn(f"mortise {version} is serving", self.machine.run("mortise", "status"))

    def stop(self, host):
        """The one before has ended by itself, and the one that took its place ends by TERM."""
        self.assertEqual(host.process.wait(machines.PATIENCE), 0)
        self.machine.run("apt-get", "install", "-q", "-y", "procps", network=True)
        self.machine.run("pkill", "--exact", "--uid", "mortise", "mortise")
        while "STOPPING=1" not in self.manager.next():
            pass
        self.machine.run("pidwait", "--exact", "--uid", "mortise", "mortise", check=False)

    def change_and_upgrade_again(self, before, now):
        """What an operator has changed stays; nothing runs, so nothing is told to change places."""
        file = self.machine.root / "etc/mortise/mortise.toml"
        changed = file.read_text().replace("localhost:8080", "localhost:8081")
        file.write_text(changed)
        for files in (before, now):
            out = self.machine.install(files["mortise"], files["mortise-dev"])
            self.assertNotIn("serves", out)
        self.assertEqual(file.read_text(), changed)

    def remove(self):
        self.machine.run("apt-get", "remove", "-q", "-y", "mortise", "mortise-dev")
        left = [path for path in self.ours()
                if not path.startswith(("/etc/", "/var/lib/", "/var/log/", "/usr/local/", "/srv/"))]
        self.assertEqual(left, [])
        self.assertTrue((self.machine.root / "etc/mortise/mortise.toml").exists())
        self.assertTrue((self.machine.root / "var/log/mortise/access.log").exists())

    def purge(self):
        self.machine.run("rm", "-r", "/etc/mortise/plugins.d/hello.toml",
                         "/etc/mortise/plugins.d/mine.toml", "/usr/local/lib/mortise")
        self.machine.run("apt-get", "purge", "-q", "-y", "mortise", "mortise-dev")
        told("purged", "left: " + " ".join(self.account()))
        self.assertEqual(self.ours(), [])
        self.assertEqual(len(self.account()), 1)  # its number may stand on files elsewhere


if __name__ == "__main__":
    unittest.main()
