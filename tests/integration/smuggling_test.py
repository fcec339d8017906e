# SPDX-License-Identifier: BSL-1.0
"""Shapes that two servers could read differently: refused, and nothing behind them is a request.

Each is followed in the same segment by a request whose answer would show that it was believed.
"""

import unittest

import clients
import hosts

BEHIND = clients.get("/smuggled")
CHUNKED = b"0\r\n\r\n"


def post(*lines, version="1.1", content=CHUNKED, host=b"Host: localhost\r\n"):
    head = f"POST /echo HTTP/{version}\r\n".encode() + host
    return head + b"".join(line + b"\r\n" for line in lines) + b"\r\n" + content


SHAPES = {
    501: {
        "another coding": post(b"Transfer-Encoding: gzip"),
        "nearly chunked": post(b"Transfer-Encoding: xchunked"),
        "chunked, then identity": post(b"Transfer-Encoding: chunked, identity"),
        "chunked, then gzip": post(b"Transfer-Encoding: chunked, gzip"),
        "gzip, then chunked": post(b"Transfer-Encoding: gzip, chunked"),
        "chunked twice": post(b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked"),
        "no coding": post(b"Transfer-Encoding:"),
    },
    400: {
        "coding and length": post(b"Transfer-Encoding: chunked", b"Content-Length: 5"),
        "length and coding": post(b"Content-Length: 5", b"Transfer-Encoding: chunked"),
        "chunked in HTTP/1.0": post(b"Transfer-Encoding: chunked", version="1.0"),
        "two lengths": post(b"Content-Length: 5", b"Content-Length: 6"),
        "one length twice": post(b"Content-Length: 5", b"Content-Length: 5"),
        "a list of lengths": post(b"Content-Length: 5, 5"),
        "a signed length": post(b"Content-Length: +5"),
        "a length in hex": post(b"Content-Length: 0x5"),
        "an overflowing length": post(b"Content-Length: 18446744073709551621"),
        "an empty length": post(b"Content-Length: "),
        "space before the colon": post(b"Content-Length : 5"),
        "a folded line": post(b"X: y", b" Content-Length: 5"),
        "a bare line feed": post(b"X: y\nContent-Length: 5"),
        "a bare carriage return": post(b"X: y\rContent-Length: 5"),
        "NUL in a value": post(b"X: y\0z"),
        "no host": post(b"Content-Length: 5", host=b""),
        "an empty host with a port": post(b"Content-Length: 5", host=b"Host: :80:90\r\n"),
        "two hosts": post(b"Host: other", b"Content-Length: 5"),
        "a size that is none": post(b"Transfer-Encoding: chunked", content=b"x\r\n\r\n"),
        "a size with a sign": post(b"Transfer-Encoding: chunked", content=b"+1\r\na\r\n0\r\n\r\n"),
        "a size that overflows": post(b"Transfer-Encoding: chunked",
                                      content=b"10000000000000001\r\na\r\n0\r\n\r\n"),
        "a chunk longer than its size": post(b"Transfer-Encoding: chunked",
                                             content=b"1\r\nabc\r\n0\r\n\r\n"),
        "a line feed behind a size": post(b"Transfer-Encoding: chunked",
                                          content=b"1\na\r\n0\r\n\r\n"),
        "a long extension": post(b"Transfer-Encoding: chunked",
                                 content=b"1;" + b"x" * 200000 + b"\r\na\r\n0\r\n\r\n"),
    },
}


class Smuggling(unittest.TestCase):
    def setUp(self):
        self.host = hosts.Host(self, plugins=["greeting", "echo"])

    def test_refuses_each_shape_and_all_behind_it(self):
        for status, shapes in SHAPES.items():
            for name, shape in shapes.items():
                with self.subTest(shape=name):
                    client = clients.Client(self.host).send(clients.get() + shape + BEHIND).shut()
                    self.assertEqual(client.answer().content, b"Hello, Ada!\n")
                    answer = client.answer()
                    self.assertEqual((answer.status, answer.fields["connection"]),
                                     (status, "close"))
                    self.assertEqual(client.rest(), b"")
        self.assertEqual(clients.Client(self.host).send(clients.get()).answer().status, 200)

    def test_reads_the_sound_shapes(self):
        for shape in (post(b"Transfer-Encoding: CHUNKED"), post(b"content-length: 5"),
                      post(b"Content-Length: 0005"), post(b"Content-Length:5")):
            client = clients.Client(self.host).send(shape + BEHIND)
            self.assertEqual(client.answer().status, 200)
            self.assertEqual(client.answer().content, b"Hello, smuggled!\n")


if __name__ == "__main__":
    unittest.main()
