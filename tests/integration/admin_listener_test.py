# SPDX-License-Identifier: BSL-1.0
"""Commands by TCP: from this machine, and with the token."""

import json
import re
import subprocess
import unittest

import clients
import hosts

TOKEN = "correct-horse-battery"


class AdminListener(unittest.TestCase):
    def token_file(self, content=TOKEN + "\n", mode=0o640):
        file = hosts.plugin_folder(self) / "token"
        file.write_text(content)
        file.chmod(mode)
        return file

    def serve(self, *options, listen="127.0.0.1:0", token=True):
        if token:
            options = ("--admin-token-file", self.token_file(), *options)
        self.host = hosts.Host(self, "--no-watch", "--admin-listen", listen, *options)
        self.url = self.host.wait_for_line(r"listening for commands at=(http://\S+)/$").group(1)

    def ask(self, path, *options, token=TOKEN):
        given = ["-H", f"Authorization: Bearer {token}"] if token else []
        done = subprocess.run(
            ["curl", "-sSi", "--noproxy", "*", "--max-time", str(hosts.PATIENCE), *given, *options,
             self.url + path], stdin=subprocess.DEVNULL, capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return clients.parse(done.stdout)

    def refuse(self, pattern, *options):
        done = hosts.run_to_end("run", "--plugins", "/nowhere", *options)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertRegex(done.stderr, pattern)

    def test_answers_who_has_the_token(self):
        self.serve()
        self.assertEqual(json.loads(self.ask("/status").content)["listeners"], [self.host.url])
        done = self.ask("/plugins/greeting/disable", "-X", "POST")
        self.assertEqual(json.loads(done.content)["state"], "disabled")

    def test_takes_on_another_token_and_the_old_one_is_of_no_use(self):
        folder = hosts.plugin_folder(self, "greeting")
        file, token = folder / "mortise.toml", self.token_file()
        control = folder / "control.sock"
        file.write_text(f"[plugins]\ndirectory = '{folder}'\nall = true\n"
                        "[[listener]]\naddress = '127.0.0.1:0'\n[admin]\nlisten = '127.0.0.1:0'\n"
                        f"token_file = '{token}'\nsocket = '{control}'\n")
        self.host = hosts.Host(self, config=file)
        self.url = self.host.wait_for_line(r"listening for commands at=(http://\S+)/$").group(1)
        self.assertEqual(self.ask("/status").status, 200)
        token.write_text("another-horse-battery\n")
        done = hosts.run_to_end("reload", "--control", control)
        self.assertEqual((done.returncode, done.stdout), (0, "another admin token holds now\n"))
        self.assertEqual(self.ask("/status").status, 401)
        self.assertEqual(self.ask("/status", token="another-horse-battery").status, 200)

    def test_answers_health_checks_without_it_and_nothing_else(self):
        self.serve()
        for path, status in (("/healthz", 200), ("/readyz", 200), ("/status", 401),
                             ("/metrics", 401), ("/nothing", 401)):
            self.assertEqual(self.ask(path, token=None).status, status, path)
        refused = self.ask("/plugins/greeting/disable", "-X", "POST", token="x" * len(TOKEN))
        self.assertEqual((refused.status, refused.fields["www-authenticate"]),
                         (401, 'Bearer realm="mortise"'))
        plugins = json.loads(self.ask("/status").content)["plugins"]
        self.assertEqual(plugins[0]["state"], "serving")

    def test_answers_health_checks_alone_where_no_token_is_known(self):
        self.serve(token=False)
        self.assertEqual(self.ask("/readyz", token=None).status, 200)
        refused = self.ask("/status")
        self.assertEqual(refused.status, 403)
        self.assertIn(b"start the host with --admin-token-file", refused.content)

    def test_is_nobody_else_by_name(self):
        self.serve()
        for name, status in (("localhost", 200), ("[::1]:80", 200), ("rebound.example", 421),
                             ("", 421)):
            answer = self.ask("/status", "-H", f"Host: {name}" if name else "Host;")
            self.assertEqual(answer.status, status, name)

    def test_listens_at_ipv6(self):
        self.serve(listen="[::1]:0")
        self.assertTrue(self.url.startswith("http://[::1]:"))
        self.assertEqual(self.ask("/readyz").status, 200)

    def test_answers_beside_the_control_socket(self):
        file = hosts.plugin_folder(self) / "control.sock"
        self.serve("--control", file)
        self.assertEqual(hosts.run_to_end("plugin", "disable", "greeting", "--control",
                                          file).returncode, 0)
        plugins = json.loads(self.ask("/status").content)["plugins"]
        self.assertEqual(plugins[0]["state"], "disabled")

    def test_takes_no_address_that_others_can_reach(self):
        for address in ("0.0.0.0:0", "[::]:0", "192.0.2.1:9090", "[2001:db8::1]:9090"):
            self.refuse(re.escape(f'"{address}" is no address of loopback: '),
                        "--admin-listen", address)
        for address in ("localhost:9090", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
                        "::1:9090", ":9090", "[127.0.0.1]:9090"):
            self.refuse(re.escape(f'"{address}" is no address and port; write 127.0.0.1:9090'),
                        "--admin-listen", address)

    def test_says_where_the_address_is_taken(self):
        self.serve()
        done = hosts.run_to_end("run", "--plugins", "/nowhere", "--admin-listen",
                                self.url.removeprefix("http://"))
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, "cannot listen for commands on 127.0.0.1:[0-9]+: Address "
                                      "already in use; choose another address with --admin-listen")

    def test_takes_no_token_that_others_know(self):
        file = self.token_file(mode=0o644)
        self.refuse("is open to every user of this machine; chmod o= it", "--admin-token-file", file)

    def test_takes_no_token_that_is_none(self):
        for content, pattern in ((TOKEN[:15], "has 15 characters; take at least 16"),
                                 ("", "has 0 characters"),
                                 (TOKEN + "\n\n", "a blank or a line feed"),
                                 ("x" * 2000, "holds no token; write one line of at most 1024")):
            self.refuse(pattern, "--admin-token-file", self.token_file(content))
        self.refuse("is no file; name one that holds the token", "--admin-token-file",
                    hosts.plugin_folder(self))
        self.refuse("cannot be read: No such file or directory", "--admin-token-file", "/nowhere")


if __name__ == "__main__":
    unittest.main()
