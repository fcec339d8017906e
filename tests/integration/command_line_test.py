# SPDX-License-Identifier: BSL-1.0
"""What the program says of command lines that it cannot follow."""

import socket
import subprocess
import unittest

import hosts


class CommandLine(unittest.TestCase):
    def assert_refused(self, arguments, code, *texts):
        """One line on standard error, which holds the texts in their order; nothing else."""
        with self.subTest(arguments=[str(word) for word in arguments]):
            done = hosts.run_to_end(*arguments)
            self.assertEqual((done.returncode, done.stdout), (code, ""), done.stderr)
            line, = done.stderr.splitlines()
            self.assertRegex(line, ".*".join(texts))

    def assert_usage(self, arguments, *texts):
        self.assert_refused(arguments, 2, "^mortise: ", *texts, "; see mortise( run)? --help$")


class Output(CommandLine):
    def test_that_cannot_be_written_is_a_failure(self):
        for arguments in (["--version"], ["--help"], ["config", "reference"]):
            with open("/dev/full", "w") as full:
                done = subprocess.run([hosts.PROGRAM, *arguments], stdout=full,
                                      stderr=subprocess.PIPE, text=True, check=False)
            self.assertEqual((done.returncode, done.stderr),
                             (1, "mortise: standard output could not be written whole; is its disk "
                                 "full?\n"))


class Usage(CommandLine):
    def test_asks_for_a_command(self):
        self.assert_usage([], "no command is named")

    def test_names_what_it_does_not_know(self):
        self.assert_usage(["--nope"], "--nope")
        self.assert_usage(["serve"], "serve")
        self.assert_usage(["run", "--plugins", "/", "--nope"], "--nope")
        self.assert_usage(["run", "--plugins", "/", "more"], "more")

    def test_asks_for_the_plugins(self):
        self.assert_usage(["run"], "neither --plugins nor --config is given")
        self.assert_usage(["run", "--plugins", ""], "--plugins", "is no value")
        self.assert_usage(["run", "--bogus"], "--bogus")
        self.assert_usage(["run", "--plugins"], "--plugins")

    def test_names_option_value_and_what_it_takes(self):
        sizes = ["--max-target-size", "--max-header-size", "--max-content-size",
                 "--max-chunk-extension-size", "--max-trailer-size"]
        times = ["--header-timeout", "--content-timeout", "--handler-timeout", "--write-timeout",
                 "--keep-alive-timeout", "--drain-timeout"]
        wrong = [
            *((name, value, "a size such as 4096, 16KiB or 1MiB")
              for name in sizes for value in ("many", "-1", "1KB")),
            *((name, value, "a size from 1 to 1048576GiB")
              for name in sizes for value in ("0", "99999999999999999999")),
            *((name, value, "a duration such as 500ms, 10s or 2m")
              for name in times for value in ("soon", "10", "-1s")),
            *((name, value, "a duration from 1ms to 8760h")
              for name in times for value in ("0s", "99999999h")),
            *(("--workers", value, "a number from 1 to 256") for value in ("0", "257", "two")),
            ("--max-connections", "0", "a number from 1 to 10000000"),
            ("--max-fields", "1001", "a number from 1 to 1000"),
            ("--log-level", "loud", r"one of debug\|info\|warning\|error"),
            ("--access-log", "xml", r"one of off\|combined\|json"),
        ]
        for name, value, what in wrong:
            self.assert_usage(["run", "--plugins", "/", f"{name}={value}"],
                              f'{name}: "{value}" is not {what}')

    def test_refuses_texts_that_are_no_address(self):
        for listen in ("8080", ":8080", "::1:8080", "localhost:", "localhost:65536", "a:-1", ""):
            for command in ("run", "check"):
                self.assert_refused([command, "--plugins", "/", "--listen", listen], 2,
                                    f'--listen: "{listen}" is no address to listen on; '
                                    "write NAME:PORT")

    def test_refuses_limits_that_do_not_go_together(self):
        self.assert_usage(["run", "--plugins", "/", "--max-header-size", "48KiB"],
                          "--max-header-size", "at most 49152")

    def test_refuses_configuration_without_a_key_or_set_twice(self):
        for value in ("greeting", "greeting=1", "greeting.=1", ".key=1", ""):
            self.assert_usage(["run", "--plugins", "/", "--set", value], "PLUGIN.KEY=VALUE")
        self.assert_usage(["run", "--plugins", "/", "--set", "a.b=1", "--set", "a.b=2"],
                          '"a.b" is set twice; set it once')


class Answers(unittest.TestCase):
    def test_help_names_every_option_on_standard_output(self):
        done = hosts.run_to_end("run", "--help")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for option in ("--listen", "--plugins", "--workers", "--log-level", "--access-log",
                       "--set", "--drain-timeout", "SIZE is", "TIME has"):
            self.assertIn(option, done.stdout)
        self.assertLessEqual(max(map(len, done.stdout.splitlines())), 120)

    def test_help_without_a_command_leads_on(self):
        done = hosts.run_to_end("--help")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("Usage: mortise [OPTIONS] [COMMAND]\n", done.stdout)
        self.assertIn("mortise COMMAND --help", done.stdout)

    def test_version_is_one_line(self):
        done = hosts.run_to_end("--version")
        self.assertRegex(done.stdout, r"^mortise \d+\.\d+\.\d+\n$")
        self.assertEqual((done.returncode, done.stderr), (0, ""))


class Start(CommandLine):
    def test_needs_a_plugin_directory(self):
        folder = hosts.plugin_folder(self)
        self.assert_refused(["run", "--plugins", folder / "none"], 1, f"{folder}/none: ", "; ")
        self.assert_refused(["run", "--plugins", folder], 1, f"no plugin in {folder} ", "; ")
        (folder / "file").touch()
        self.assert_refused(["run", "--plugins", folder / "file"], 1,
                            "is not a directory; name the plugin directory")

    def test_refuses_a_port_in_use(self):
        folder = hosts.plugin_folder(self, "greeting")
        with socket.create_server(("127.0.0.1", 0)) as taken:
            listen = f"127.0.0.1:{taken.getsockname()[1]}"
            self.assert_refused(["run", "--plugins", folder, "--listen", listen], 1,
                                f"cannot listen on {listen}: Address already in use", "; stop what listens there")

    def test_refuses_the_port_of_another_host(self):
        first = hosts.Host(self)
        listen = f"127.0.0.1:{first.port}"
        self.assert_refused(["run", "--plugins", first.folder, "--listen", listen], 1,
                            f"cannot listen on {listen}: Address already in use", "; stop what listens there")

    def test_refuses_an_address_that_is_not_here(self):
        folder = hosts.plugin_folder(self, "greeting")
        for listen in ("192.0.2.1:0", "name.invalid:0"):  # RFC 5737 and RFC 6761: never here
            self.assert_refused(["run", "--plugins", folder, "--listen", listen], 1,
                                f"cannot listen on {listen}: ", "; choose another address")


if __name__ == "__main__":
    unittest.main()
