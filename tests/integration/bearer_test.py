# SPDX-License-Identifier: BSL-1.0
"""The example `bearer`: a gate before the routes of another plugin."""

import unittest

import clients
import hosts


class Bearer(unittest.TestCase):
    def setUp(self):
        self.host = hosts.Host(self, "--check-plugins", "--filters", "bearer", "--set",
                               "bearer.tokens=oak,a-long-token", plugins=["bearer", "greeting"])

    def ask(self, path, *lines, method="GET"):
        client = clients.Client(self.host).send(clients.get(path, *lines, method=method))
        return client.answer(method)

    def test_lets_in_who_brings_a_token(self):
        for credentials in ("Bearer oak", "bearer oak", "BEARER  a-long-token"):
            answer = self.ask("/Ada", f"Authorization: {credentials}")
            self.assertEqual((answer.status, answer.content), (200, b"Hello, Ada!\n"))
            self.assertEqual(answer.fields["cache-control"], "private")

    def test_keeps_out_who_brings_none(self):
        for line in ("X: y", "Authorization: Basic b2FrOg==", "Authorization: oak",
                     "Authorization: Bearer"):
            answer = self.ask("/Ada", line)
            self.assertEqual((answer.status, answer.fields["www-authenticate"]), (401, "Bearer"))

    def test_keeps_out_who_brings_another(self):
        for token in ("elm", "oa", "oakoak", "OAK", "a-long-tokeN", "oak,a-long-token"):
            answer = self.ask("/Ada", f"Authorization: Bearer {token}")
            self.assertEqual(answer.status, 401)
            self.assertEqual(answer.fields["www-authenticate"], 'Bearer error="invalid_token"')
        self.host.wait_for_line("warning a token was refused plugin=bearer path=/Ada")

    def test_guards_what_nobody_serves(self):
        for path, method in (("/a/b", "GET"), ("/Ada", "POST"), ("/Ada", "OPTIONS"),
                             ("/Ada", "HEAD")):
            self.assertEqual(self.ask(path, method=method).status, 401)

    def test_begins_with_tokens_alone(self):
        folder = hosts.plugin_folder(self, "bearer")
        for options, fault in (([], 'key "tokens" is missing'),
                               (["--set", "bearer.tokens="], "nobody would be let in"),
                               (["--set", "bearer.tokens=a,,b"], "has an empty token")):
            done = hosts.run_to_end("run", "--plugins", folder, "--listen", "127.0.0.1:0",
                                    "--filters", "bearer", *options)
            self.assertEqual(done.returncode, 1)
            self.assertIn(fault, done.stderr)


if __name__ == "__main__":
    unittest.main()
