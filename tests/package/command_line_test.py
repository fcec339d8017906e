# SPDX-License-Identifier: BSL-1.0
"""The manual page and the completions have each command and option that --help tells."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

BUILD = pathlib.Path(os.environ["MORTISE_BUILD"])
PROGRAM = BUILD / "bin/mortise"


def helped(*words):
    return subprocess.run([PROGRAM, *words, "--help"], stdout=subprocess.PIPE, text=True,
                          check=True).stdout


def commands(*words):
    """The words of each command, those of a group before its own."""
    text = helped(*words)
    for part in re.findall(r"^(?:Commands|Subcommands)\b.*:\n((?:  .*\n)+)", text,
                           flags=re.MULTILINE):
        for name in re.findall(r"^  (\S+)", part, flags=re.MULTILINE):
            yield (*words, name)
            yield from commands(*words, name)


def options(*words):
    return set(re.findall(r"^  (?:-\w,)?(--[\w-]+)", helped(*words), flags=re.MULTILINE))


ALL = list(commands())


class ManualPage(unittest.TestCase):
    def test_has_each_command_and_each_option(self):
        for words in (("plugin", "check"), ("new",), ("sdk",), ("dev",)):
            self.assertIn(words, ALL)
        self.assertIn(("config", "show"), ALL)
        page = (BUILD / "packaging/mortise.1").read_text().replace("\\-", "-")
        for words in ALL:
            with self.subTest(" ".join(words)):
                self.assertRegex(page, rf"(?m)^\.SS mortise {' '.join(words)}( |$)")
                for option in options(*words):
                    self.assertRegex(page, rf"[B ]{option}\b(?!-)")


class Bash(unittest.TestCase):
    def completed(self, *words):
        script = """
        source "$1"; shift
        COMP_WORDS=(mortise "$@") COMP_CWORD=$#
        compopt() { :; } # there is no command line
        "$(complete -p mortise | sed 's/.*-F \\([^ ]*\\) .*/\\1/')"
        printf '%s\\n' "${COMPREPLY[@]}"
        """
        done = subprocess.run(["bash", "-u", "-c", script, "bash", BUILD / "packaging/mortise.bash",
                               *map(str, words)], capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout.split()

    def test_offers_each_command_and_each_option(self):
        for words in [(), *ALL]:
            with self.subTest(" ".join(words)):
                self.assertLessEqual(options(*words), set(self.completed(*words, "--")))
                offered = self.completed(*words, "")
                for longer in ALL:
                    if longer[:-1] == words:
                        self.assertIn(longer[-1], offered)

    def test_offers_what_an_option_takes(self):
        self.assertEqual(self.completed("run", "--log-format", ""), ["text", "json"])
        self.assertEqual(self.completed("run", "--workers", ""), [])
        self.assertEqual(self.completed("new", "--c", "--k"), ["--kind"])  # which takes nothing
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "some.toml").touch()
            (pathlib.Path(folder) / "some.d").mkdir()
            self.assertEqual(sorted(self.completed("check", "--config", f"{folder}/some")),
                             [f"{folder}/some.d", f"{folder}/some.toml"])
            self.assertEqual(self.completed("run", "--plugins", f"{folder}/some"),
                             [f"{folder}/some.d"])
            self.assertEqual(self.completed("dev", f"{folder}/some"), [f"{folder}/some.d"])
            self.assertEqual(self.completed("plugin", "check", f"{folder}/some.t"),
                             [f"{folder}/some.toml"])


class Zsh(unittest.TestCase):
    # ^T completes the line and prints it between marks that no line of the input holds.
    SCRIPT = r"""
    zmodload zsh/zpty
    zpty shell zsh -f -i
    zpty -w shell "fpath=($1 \$fpath); autoload -Uz compinit; compinit -u -D"
    zpty -w shell "show() { zle complete-word; print -r -- '=''>'\"\$BUFFER\"'<''='; BUFFER= }"
    zpty -w shell "zle -N show; bindkey '^T' show; print -r -- '=''><''='"
    zpty -r -m shell out '*=><=*'
    for words in "${@:2}"; do
        zpty -w -n shell "$words"$'\x14'
        zpty -r -m shell out '*=>*<=*'
        print -r -- "$out"
    done
    zpty -d shell
    """

    def test_completes_commands_options_and_values(self):
        wanted = {"mortise stat": "mortise status",
                  "mortise plugin rollb": "mortise plugin rollback",
                  "mortise run --worke": "mortise run --workers",
                  "mortise new --c --ki": "mortise new --c --kind",
                  "mortise plugin rollback --he": "mortise plugin rollback --help",
                  "mortise config show --log-format j": "mortise config show --log-format json"}
        done = subprocess.run(["zsh", "-f", "-c", self.SCRIPT, "zsh", BUILD / "packaging", *wanted],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120,
                              check=False, env={**os.environ, "TERM": "dumb"})
        completed = re.findall(r"=>(.*?) ?<=", done.stdout)
        self.assertEqual(completed, list(wanted.values()), done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
