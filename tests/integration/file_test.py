# SPDX-License-Identifier: BSL-1.0
"""A plugin's files, sent by the host."""

import os
import pathlib
import tempfile
import unittest

import clients
import hosts


class File(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = pathlib.Path(folder.name, "content")
        self.content = os.urandom(3 * 1024 * 1024)
        self.file.write_bytes(self.content)
        self.host = hosts.Host(self, "--set", f"sends-file.path={self.file}",
                               plugins=["sends_file"])

    def get(self, path, *options):
        return clients.parse(clients.curl(self.host, path, *options))

    def open_files(self):
        """How often the host has the file open."""
        links = pathlib.Path(f"/proc/{self.host.process.pid}/fd").iterdir()
        return sum(os.path.realpath(link) == str(self.file) for link in links)

    def test_sends_ranges(self):
        for way in ("given", "lent"):
            for offset, length in ((0, len(self.content)), (12345, 1000000), (7, 10), (0, 0),
                                   (len(self.content), 0), (len(self.content) - 1, 1)):
                with self.subTest(way=way, offset=offset, length=length):
                    answer = self.get(f"/{way}/{offset}/{length}")
                    self.assertEqual(answer.status, 200)
                    self.assertEqual(answer.fields["content-length"], str(length))
                    self.assertTrue(answer.content == self.content[offset:offset + length])
        self.assertEqual(self.open_files(), 0)

    def test_sends_the_head_alone_to_head(self):
        answer = self.get("/given/5/100000", "--head")
        self.assertEqual((answer.status, answer.content), (200, b""))
        self.assertEqual(answer.fields["content-length"], "100000")
        self.assertEqual(self.open_files(), 0)

    def test_answers_500_where_it_cannot_send_what_it_is_asked_to(self):
        past = f"/0/{len(self.content) + 1}"
        for path, fault in ((f"/given{past}", "the range goes beyond the end of the file"),
                            (f"/lent{past}", "the range goes beyond the end of the file"),
                            ("/given/18446744073709551615/2", "the range goes beyond the end"),
                            ("/none/0/1", "the descriptor is none of a regular file"),
                            ("/directory/0/0", "the descriptor is none of a regular file"),
                            ("/unreadable/0/1", "the file is not open for reading")):
            with self.subTest(path=path):
                self.assertEqual(self.get(path).status, 500)
                self.host.wait_for_line(f"GET /{{way}}/{{offset}}/{{length}}: reply\\(\\): {fault}")
        self.assertEqual(self.open_files(), 0)
        self.assertEqual(self.get("/given/0/10").content, self.content[:10])

    def test_ends_the_connection_where_the_file_shrinks_while_it_is_sent(self):
        large = 512 * 1024 * 1024  # more than any socket's buffers
        os.truncate(self.file, large)
        client = clients.Client(self.host, receive_buffer=4096)
        client.send(clients.get(f"/given/0/{large}"))
        client.socket.recv(1)
        os.truncate(self.file, 1024 * 1024)
        received = 1
        while piece := client.socket.recv(1 << 16):
            received += len(piece)
        self.assertLess(received, large)
        self.host.wait_for_line("a file ends before its range, or cannot be read")
        self.assertEqual(self.open_files(), 0)

    def test_gives_the_file_back_where_the_client_leaves(self):
        large = 512 * 1024 * 1024
        os.truncate(self.file, large)
        client = clients.Client(self.host, receive_buffer=4096)
        client.send(clients.get(f"/lent/0/{large}"))
        client.socket.recv(1)
        client.reset()
        self.host.wait_for_line("released")
        self.assertEqual(self.open_files(), 0)


if __name__ == "__main__":
    unittest.main()
