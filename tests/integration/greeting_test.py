# SPDX-License-Identifier: BSL-1.0
"""The shipped greeting over curl, as a newcomer tries it."""

import json
import unittest

import clients
import hosts


class Greeting(unittest.TestCase):
    def setUp(self):
        self.host = hosts.Host(self)

    def ask(self, path, *options):
        return clients.parse(clients.curl(self.host, path, *options))

    def test_greets_by_name(self):
        answer = self.ask("/Ada")
        self.assertEqual((answer.status, answer.content), (200, b"Hello, Ada!\n"))
        self.assertEqual(answer.fields["content-length"], "12")
        self.assertEqual(answer.fields["content-type"], "text/plain; charset=utf-8")
        self.assertRegex(answer.fields["date"], r"^\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT$")
        self.assertNotIn("server", answer.fields)
        self.assertNotIn("connection", answer.fields)

    def test_greets_anonymously_at_the_root(self):
        self.assertEqual(self.ask("/").content, b"Hello, Anonymous!\n")

    def test_decodes_the_name(self):
        self.assertEqual(self.ask("/Ada%20Lovelace").content, b"Hello, Ada Lovelace!\n")
        self.assertEqual(self.ask("/Ren%C3%A9?x=1").content, "Hello, René!\n".encode())
        self.assertEqual(self.ask("/a%2Fb").content, b"Hello, a/b!\n")

    def test_refuses_nul(self):
        self.assertEqual(self.ask("/%00").status, 400)

    def test_names_the_allowed_methods(self):
        answer = self.ask("/Ada", "-X", "POST")
        self.assertEqual((answer.status, answer.fields["allow"]), (405, "GET, HEAD, OPTIONS"))

    def test_answers_head_without_content(self):
        answer = self.ask("/Ada", "-I")
        self.assertEqual((answer.status, answer.content), (200, b""))
        self.assertEqual(answer.fields["content-length"], "12")

    def test_answers_options_of_a_route_and_of_the_server(self):
        for options in (["-X", "OPTIONS"], ["-X", "OPTIONS", "--request-target", "*"]):
            answer = self.ask("/Ada", *options)
            self.assertIn(answer.status, (200, 204))
            self.assertIn("GET", answer.fields["allow"])
            self.assertEqual(answer.content, b"")

    def test_knows_no_other_path(self):
        answer = self.ask("/no/such/path")
        self.assertEqual(answer.status, 404)
        self.assertEqual(answer.fields["content-type"], "text/plain; charset=utf-8")
        self.assertTrue(answer.content.startswith(b"404 Not Found"))

    def test_answers_problems_in_json_to_who_accepts_it(self):
        for path, options, status in (("/no/such", [], 404), ("/Ada", ["-X", "PUT"], 405)):
            answer = self.ask(path, "-H", "Accept: application/problem+json", *options)
            self.assertEqual(answer.fields["content-type"], "application/problem+json")
            self.assertEqual(answer.status, status)
            self.assertEqual(json.loads(answer.content)["status"], status)

    def test_prints_where_it_serves_and_what(self):
        self.assertEqual(self.host.out.all(), [f"Server started at {self.host.url}"])
        self.host.stop()
        loaded = self.host.err.rest()[0]
        self.assertIn("plugin loaded id=greeting version=1.0.0", loaded)
        self.assertIn(f"file={self.host.folder}/greeting.so", loaded)
        self.assertIn('routes="GET /, GET /{name}"', loaded)


class Configuration(unittest.TestCase):
    def test_reaches_the_plugin(self):
        host = hosts.Host(self, "--set", "greeting.salutation=Hi=there")
        self.assertIn(b"\r\n\r\nHi=there, Ada!\n", clients.curl(host, "/Ada"))

    def test_warns_of_a_key_that_nobody_reads(self):
        host = hosts.Host(self, "--set", "greeting.salutatoin=Hi")
        host.wait_for_line(r'warning configuration key "salutatoin" was not read.*plugin=greeting')
        self.assertIn(b"Hello, Ada!", clients.curl(host, "/Ada"))

    def test_sends_the_server_field_where_asked(self):
        host = hosts.Host(self, "--server-field", "mortise")
        self.assertEqual(clients.parse(clients.curl(host, "/")).fields["server"], "mortise")

    def test_tells_how_long_it_took_where_that_is_asked_for(self):
        host = hosts.Host(self, "--server-timing", "--no-metrics")
        answer = clients.parse(clients.curl(host, "/Ada"))
        self.assertRegex(answer.fields["server-timing"], r"^handler;dur=\d+\.\d{3}$")


if __name__ == "__main__":
    unittest.main()
