# SPDX-License-Identifier: BSL-1.0
"""The example that takes content, over curl and over a socket."""

import os
import pathlib
import tempfile
import unittest

import clients
import hosts


class Echo(unittest.TestCase):
    def setUp(self):
        self.host = hosts.Host(self, plugins=["echo"])

    def post(self, content, *options):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "content"
            file.write_bytes(content)
            printed = clients.curl(self.host, "/echo", "--data-binary", f"@{file}", *options)
        return printed, clients.parse(printed)

    def test_answers_content_with_its_media_type(self):
        _, answer = self.post(b"a=1\0\xff", "-H", "Content-Type: application/x-odd")
        self.assertEqual((answer.status, answer.content), (200, b"a=1\0\xff"))
        self.assertEqual(answer.fields["content-type"], "application/x-odd")

    def test_answers_no_content_with_none(self):
        _, answer = self.post(b"")
        self.assertEqual((answer.status, answer.content), (200, b""))

    def test_answers_large_content(self):
        content = os.urandom(900 * 1024)
        self.assertEqual(self.post(content)[1].content, content)
        self.assertEqual(self.post(content, "-H", "Transfer-Encoding: chunked")[1].content, content)

    def test_joins_chunks_that_come_byte_by_byte(self):
        client = clients.Client(self.host)
        for byte in (clients.get("/echo", "Transfer-Encoding: chunked", method="POST") +
                     b"4;ext=\"a;b\"\r\nWiki\r\n5\r\npedia\r\n0\r\nX-Sum: 9\r\n\r\n"):
            client.send(bytes([byte]))
        self.assertEqual(client.answer().content, b"Wikipedia")
        client.send(clients.get("/echo"))
        self.assertEqual(client.answer().content, b"Host: localhost\n")

    def test_asks_for_content_that_waits_to_be_asked(self):
        printed, answer = self.post(b"x" * 2000, "-H", "Expect: 100-continue")
        self.assertTrue(printed.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"))
        self.assertEqual(answer.content, b"x" * 2000)

    def test_meets_no_other_expectation(self):
        self.assertEqual(self.post(b"x", "-H", "Expect: miracles")[1].status, 417)

    def test_refuses_too_large_a_length_before_the_content(self):
        for expect in ([], ["Expect: 100-continue"]):
            client = clients.Client(self.host)
            client.send(clients.get("/echo", "Content-Length: 1048577", *expect, method="POST"))
            answer = client.answer()
            self.assertEqual((answer.status, answer.fields["connection"]), (413, "close"))
            self.assertEqual(client.rest(), b"")

    def test_refuses_chunks_that_grow_too_large(self):
        _, answer = self.post(b"x" * (1024 * 1024 + 1), "-H", "Transfer-Encoding: chunked")
        self.assertEqual(answer.status, 413)

    def test_shows_the_fields_of_a_request(self):
        answer = clients.parse(clients.curl(
            self.host, "/echo", "-H", "X-One: 1", "-H", "x-one:   two  words ", "-A", "me"))
        lines = answer.content.decode().splitlines()
        for line in ("User-Agent: me", "X-One: 1", "x-one: two  words"):
            self.assertIn(line, lines)


class Limit(unittest.TestCase):
    def test_is_the_plugins_to_configure(self):
        host = hosts.Host(self, "--set", "echo.limit=3", plugins=["echo"])
        self.assertEqual(clients.parse(clients.curl(host, "/echo", "-d", "abc")).status, 200)
        self.assertEqual(clients.parse(clients.curl(host, "/echo", "-d", "abcd")).status, 413)


if __name__ == "__main__":
    unittest.main()
