# SPDX-License-Identifier: BSL-1.0
"""The commands of README and docs run as the pages show them, but for those of commands.ELSEWHERE,
which exist; so do those that stand within the text."""

import concurrent.futures
import functools
import json
import os
import pathlib
import re
import subprocess
import unittest

import commands
import pages
import terminal

IS_GROUP = re.compile(r"^(?:Commands|Subcommands)\b.*:$", flags=re.MULTILINE)
PROGRAM = terminal.BUILD / "bin/mortise"


@functools.cache
def told(*words):
    """What a program says of itself."""
    return subprocess.run(words, cwd=pages.TREE, stdout=subprocess.PIPE, text=True,
                          check=True).stdout


def options(text):
    return set(re.findall(r"(?<![\w-])--[a-z][\w-]*", text))


def fault_of_mortise(words):
    path = [PROGRAM]
    while words and re.search(rf"^  {re.escape(words[0])}  ", told(*path, "--help"),
                              flags=re.MULTILINE):
        path.append(words.pop(0))
    if len(path) == 1 or (words and IS_GROUP.search(told(*path, "--help"))):
        return f"mortise has no command {' '.join(words)}".rstrip()
    return unknown(words, told(*path, "--help"))


def fault_of_dev(words):
    helped = told("./dev", "help")
    if not words or not re.search(rf"^  {re.escape(words[0])}(?: |$)", helped, flags=re.MULTILINE):
        return f"./dev has no command {' '.join(words)}".rstrip()
    if words[0] == "run":
        return unknown(words, told(PROGRAM, "run", "--help"))
    if words[0] == "bench":
        helped = told("/usr/bin/python3", "-B", "tests/bench/bench.py", "--help")
        if "--only" in words:
            named = re.search(r"--only NAME,… +of (.*?)\n  --", helped, flags=re.DOTALL)[1]
            only = words[words.index("--only") + 1].split(",")
            if missing := set(only) - set(re.findall(r"[\w-]+", named)):
                return f"./dev bench has no {missing}"
    return unknown(words, helped)


def unknown(words, helped):
    known = options(helped) | {"--help", "--version"}
    missing = [word for word in words if word.startswith("--") and word.split("=")[0] not in known]
    return f"there is no {missing}" if missing else ""


def fault_of_cmake(words):
    presets = json.loads((pages.TREE / "CMakePresets.json").read_text())
    known = {preset["name"] for kind in ("configurePresets", "buildPresets")
             for preset in presets[kind]}
    return "" if words[words.index("--preset") + 1] in known else "there is no such preset"


def fault_of_ctest(words):
    label = words[words.index("-L") + 1]
    lists = (pages.TREE / "tests").rglob("CMakeLists.txt")
    return "" if any(re.search(rf"LABELS {label}\b", each.read_text()) for each in lists) else \
        f"there is no label {label}"


JUDGES = {"mortise": fault_of_mortise, "./dev": fault_of_dev, "cmake": fault_of_cmake,
          "ctest": fault_of_ctest}


def fault_of(command):
    """Why a command that is not run cannot be; empty where nothing is known against it."""
    faults = []
    for part in re.split(r" && |; ", command):
        words = part.split()
        if "mortise" in words[1:-1]:  # behind setpriv, say
            words = words[words.index("mortise"):]
        name = words[0] if words[0].startswith("./") else pathlib.PurePath(words[0]).name
        if name in JUDGES:
            faults.append(JUDGES[name](words[1:]))
    return "; ".join(filter(None, faults))


def ways():
    """The steps of each page that are taken here."""
    for page, text in commands.all_pages().items():
        if steps := [step for step in commands.read(page, text) if commands.row_of(step) is None]:
            yield page, steps


class Commands(unittest.TestCase):
    def test_do_what_the_pages_show(self):
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            followed = {page: pool.submit(terminal.follow, page, steps) for page, steps in ways()}
        self.assertGreater(len(followed), 10, "the pages show commands in another form now")
        for page, faults in followed.items():
            with self.subTest(page):
                if faults.result():
                    self.fail("\n".join(faults.result()))

    def test_that_are_not_run_exist(self):
        unused = set(commands.ELSEWHERE)
        for page, text in commands.all_pages().items():
            for step in commands.read(page, text):
                if row := commands.row_of(step):
                    unused.discard(row)
                    with self.subTest(f"{page}:{step.line}: {step.text}"):
                        self.assertEqual(fault_of(step.text), "")
        self.assertEqual(unused, set(), "these rows stand for no command")

    def test_that_are_not_run_name_tests_that_are_there(self):
        for *_, where in commands.ELSEWHERE:
            for path in re.findall(r"tests/[\w/]+\.py", where):
                self.assertTrue((pages.TREE / path).exists(), path)

    def test_within_the_text_exist(self):
        found = 0
        for page in pages.all_pages():
            if page.name == "CHANGELOG.md" or "decisions" in page.parts:  # tell of what was
                continue
            for command in re.findall(r"`((?:mortise|\./dev) [^`]*)`", pages.prose(page)):
                found += 1
                with self.subTest(page=page.name, command=command):
                    self.assertEqual(fault_of(re.sub(r"[\[\]]", "", command)), "")
        self.assertGreater(found, 50, "the pages name commands in another form now")

    def test_are_told_from_all_else(self):
        forms = {commands.form_of(block) for text in commands.all_pages().values()
                 for block in pages.blocks(text) if block.language in commands.LANGUAGES}
        self.assertEqual(forms - {None}, set(commands.FORMS), "these forms have no block")


class Check(unittest.TestCase):
    """A page with a fault is found."""

    def faults(self, *lines):
        text = "text\n\n" + "".join(f"    {line}\n" for line in lines)
        return "\n".join(terminal.follow("page.md", list(commands.read("page.md", text))))

    def test_passes_what_is_as_it_is_shown(self):
        self.assertEqual(self.faults("$ echo 2026-11-25T01:34:31.115Z $((1 + 1)) is 2",
                                     "2025-01-01T00:00:00.000Z … is 2"), "")

    def test_finds_another_output_at_its_line(self):
        self.assertRegex(self.faults("$ echo one", "two"), r"^page\.md:3: echo one: prints\none\n")

    def test_finds_a_command_that_fails(self):
        for command in ("mortise statsu", "$ cd nowhere", "echo one && cmake --no-such-option"):
            with self.subTest(command):
                self.assertIn("exit code", self.faults(command))

    def test_finds_one_that_is_neither_run_nor_in_the_table(self):
        for command in ("systemctl stop mortise", "# apt purge mortise", "(umask 027; frob)",
                        "echo one && frob --nicate", "./dev frob"):
            with self.subTest(command):
                self.assertIn("is neither run", self.faults(command))

    def test_does_nothing_outside_its_folder(self):
        for command in ("cp hello.so /usr/lib/hello.so", "echo one >/etc/passwd"):
            with self.subTest(command):
                self.assertIn("is of no use here", self.faults(command))

    def test_finds_an_answer_that_tells_of_a_fault(self):
        self.assertIn("curl", self.faults("curl localhost:8080/nowhere/at/all"))

    def test_finds_a_host_that_does_not_start_and_what_it_does_not_say(self):
        self.assertIn("--lsten", self.faults("mortise run --plugins . --lsten localhost:8080"))
        self.assertIn("says nothing like", self.faults("mortise run --plugins nowhere"))

    def test_finds_what_does_not_exist(self):
        for command in ("mortise statsu", "mortise run --lsten", "mortise plugin lst", "./dev bnch",
                        "mortise", "./dev test --quickly", "./dev bench --only pain",
                        "cmake --preset dve", "ctest --test-dir build/release -L gat",
                        "mortise chekc && systemctl reload mortise"):
            with self.subTest(command):
                self.assertNotEqual(fault_of(command), "")


if __name__ == "__main__":
    os.umask(0o022)  # the host refuses plugins that others may write
    unittest.main()
