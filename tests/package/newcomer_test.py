# SPDX-License-Identifier: BSL-1.0
"""Who has a fresh Debian 12 and the two packages comes to an answer of code of their own by the commands
of docs/first-handler.md, and by those that `mortise new` prints for each kind of project."""

import re
import shutil
import subprocess
import time
import unittest

import machines

FIRST_ANSWER = machines.TREE / "docs/index.md"
PAGE = machines.TREE / "docs/first-handler.md"
MOST = 5 * 60  # seconds, which the documentation promises
MOST_OF_FIRST_ANSWER = 60
USER = "newcomer"


def typed(page):
    """Who types each command of the page, '#' or '$', the command, and what the page shows of it."""
    for block in re.findall(r"^```console\n(.*?)^```$", page, flags=re.DOTALL | re.MULTILINE):
        for part in re.split(r"^(?=[#$] )", block, flags=re.MULTILINE)[1:]:
            command, _, shown = part[2:].partition("\n")
            yield part[0], command, shown


def pattern(shown):
    lines = [r"(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", ".*") + r"\n"
             for line in shown.splitlines()]
    return re.compile("".join(lines) + r"\Z")


class Shell:
    """A user's shell on a machine."""

    def __init__(self, test, machine):
        self.test = test
        command = machine.command("bash", "--noprofile", "--norc", user=USER,
                                  variables=[f"HOME=/home/{USER}"])
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True)
        test.addCleanup(self._end)
        self.type("cd")

    def _end(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.kill()
        self.process.wait()

    def type(self, command):
        """What it says; of a host in the background, until it serves."""
        is_host = command.endswith("&")
        self.process.stdin.write(command + "\n" + ("" if is_host else 'echo "-- code $?"\n'))
        self.process.stdin.flush()
        said = ""
        for line in self.process.stdout:
            if line.startswith("-- code "):
                self.test.assertEqual(line, "-- code 0\n", f"{command}:\n{said}")
                return said
            said += line
            if is_host and line.startswith("Server started at "):
                return said
        self.test.fail(f"the shell ended in {command}:\n{said}")


class Newcomer(unittest.TestCase):
    def fresh(self):
        machine = machines.Machine(self)
        # mmdebstrap leaves behind how it had apt; Debian's own takes what packages recommend.
        (machine.root / "etc/apt/apt.conf.d/99mmdebstrap").unlink(missing_ok=True)
        files = machines.package_files()
        for name in ("mortise", "mortise-dev"):
            shutil.copy(files[name], machine.root / "root")
        machine.run("useradd", "--create-home", "--shell", "/bin/bash", USER)
        return machine

    def test_has_the_greeting_in_a_minute(self):
        machine = self.fresh()
        page = FIRST_ANSWER.read_text()
        section = page[page.index("## The first answer"):page.index("## The first handler")]
        self.assertIn(re.search("(?:^    .*\n)+", section, flags=re.MULTILINE)[0],
                      (machines.TREE / "README.md").read_text())
        begin = time.monotonic()
        for command in re.findall("^    # (.*)$", section, flags=re.MULTILINE):
            is_apt = command.startswith("apt")
            here = command.replace("./build/package/", "./")
            answered = f"echo y | {here}" if is_apt else here  # apt asks whether to go on
            said = machine.run("bash", "-c", f"cd; {answered} 2>&1", network=is_apt)
            print(f"# {command}: {time.monotonic() - begin:.1f} s", flush=True)
            if command.startswith("apt install"):
                self.start_service(machine)
        self.assertTrue(said.endswith("Hello, Ada!\n"), said)
        self.assertLess(time.monotonic() - begin, MOST_OF_FIRST_ANSWER)

    def start_service(self, machine):
        """As docs/install.md does without systemd, which a machine does not have."""
        machine.run("install", "-d", "-o", "mortise", "-g", "mortise", "-m", "750", "/run/mortise")
        host = subprocess.Popen(machine.command("mortise", "run", user="mortise"),
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        self.addCleanup(host.stdout.close)
        self.addCleanup(host.wait)
        self.addCleanup(host.kill)
        self.assertEqual(host.stdout.readline(), "Server started at http://localhost:8080/\n")

    def test_has_the_first_answer_by_the_page_in_five_minutes(self):
        machine = self.fresh()
        shell = Shell(self, machine)
        begin = time.monotonic()
        for who, command, shown in typed(PAGE.read_text()):
            print(f"{who} {command}", flush=True)
            since = time.monotonic()
            said = shell.type(command) if who == "$" else machine.run(
                "bash", "-c", f"cd; {command} 2>&1", network=True)
            print(f"  {time.monotonic() - since:.1f} s")
            self.assertRegex(re.sub(r" % Total(.*\n)*?(?=\S)", "", said), pattern(shown), command)
        took = time.monotonic() - begin
        print(f"from apt to the first answer: {took:.0f} s")
        self.assertLess(took, MOST)

    def test_comes_to_an_answer_with_each_kind_of_project(self):
        machine = self.fresh()
        machine.run("bash", "-c", "cd; apt-get update; apt-get install --yes ./*.deb curl rustc",
                    network=True)
        for project, answer in (
                ("at-once", "Hello, Ada!\n"), ("waiting --kind async", "the near shop has pears"),
                ("before --kind filter", "You are in\n"), ("in-c --c", "Hello, Ada!\n"),
                ("in-rust --rust", "Hello, Ada!\n")):
            with self.subTest(project):
                shell = Shell(self, machine)
                said = shell.type(f"mortise new {project}")
                blocks = re.findall(r"(?:^    .*\n)+", said, flags=re.MULTILINE)
                *steps, serve = [line.strip() for line in blocks[0].splitlines()]
                for step in steps:
                    shell.type(step)
                shell.type(f"{serve} &")
                said = shell.type(blocks[1].strip().replace("curl", "curl --silent"))
                print(f"mortise new {project}: {said.strip()}")
                self.assertIn(answer, said)
                shell.type("kill %1; wait")
                self.assertIn("Server started at http://localhost:8081/\n",
                              shell.type("mortise dev &"))
                shell.type("kill %1; wait")


if __name__ == "__main__":
    unittest.main()
