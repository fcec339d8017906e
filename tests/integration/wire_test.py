# SPDX-License-Identifier: BSL-1.0
"""HTTP/1.1 over real sockets: order, half-close, resets, and clients that do not read."""

import unittest

import clients
import hosts


class Wire(unittest.TestCase):
    def setUp(self):
        self.host = hosts.Host(self, "--workers", "2", plugins=["greeting", "echo"])

    def test_answers_a_request_that_comes_with_the_end_of_the_stream(self):
        for _ in range(300):
            client = clients.Client(self.host).send(clients.get()).shut()
            self.assertEqual(client.answer().content, b"Hello, Ada!\n")
            self.assertEqual(client.rest(), b"")
            client.close()

    def test_answers_all_that_came_before_the_end_of_the_stream(self):
        for _ in range(50):
            client = clients.Client(self.host).send(clients.get() * 20).shut()
            self.assertEqual(client.rest().count(b"Hello, Ada!\n"), 20)
            client.close()

    def test_says_that_a_request_stopped_short(self):
        for cut in (clients.get()[:-1],
                    clients.get("/echo", "Content-Length: 5", method="POST") + b"half"):
            client = clients.Client(self.host).send(cut).shut()
            self.assertEqual(client.answer().status, 400)
            self.assertEqual(client.rest(), b"")

    def test_answers_nothing_with_nothing(self):
        self.assertEqual(clients.Client(self.host).shut().rest(), b"")

    def test_answers_pipelined_requests_in_order(self):
        client = clients.Client(self.host)
        client.send(b"".join(clients.get(f"/{number}") for number in range(100)))
        for number in range(100):
            self.assertEqual(client.answer().content, b"Hello, %d!\n" % number)

    def test_answers_mixed_pipelined_requests_in_order(self):
        client = clients.Client(self.host)
        client.send((clients.get("/one") +
                     clients.get("/echo", "Content-Length: 3", method="POST") + b"two" +
                     clients.get("/no/such/path") +
                     clients.get("/echo", "Transfer-Encoding: chunked", method="POST") +
                     b"4\r\nfour\r\n0\r\n\r\n" + clients.get("/five", "Connection: close")) +
                    clients.get("/never"))
        answers = [client.answer() for _ in range(5)]
        self.assertEqual([answer.status for answer in answers], [200, 200, 404, 200, 200])
        self.assertEqual([answers[at].content for at in (1, 3, 4)],
                         [b"two", b"four", b"Hello, five!\n"])
        self.assertEqual(client.rest(), b"")

    def test_keeps_or_closes_as_http10_asks(self):
        client = clients.Client(self.host)
        answer = client.send(b"GET /Ada HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").answer()
        self.assertEqual(answer.fields["connection"], "keep-alive")
        answer = client.send(b"GET /Ada HTTP/1.0\r\n\r\n").answer()
        self.assertEqual((answer.status, answer.fields["connection"]), (200, "close"))
        self.assertEqual(client.rest(), b"")

    def test_goes_on_after_resets(self):
        post = clients.get("/echo", "Content-Length: 100000", method="POST")
        for sent in (b"", b"GET", clients.get(), clients.get() * 200, post, post + b"x" * 50000):
            for _ in range(20):
                clients.Client(self.host).send(sent).reset()
        self.assertEqual(clients.Client(self.host).send(clients.get()).answer().status, 200)

    def test_bounds_trailers(self):
        post = clients.get("/echo", "Transfer-Encoding: chunked", method="POST")
        for trailers, status in ((b"X: " + b"y" * 65536 + b"\r\n", 431),
                                 (b"X-Trailer: 1\r\n" * 20000, 431),
                                 (b"X-Trailer: 1\r\n" * 10, 200),
                                 (b"Host: evil\r\nContent-Length: 7\r\nConnection: close\r\n", 200)):
            client = clients.Client(self.host)
            client.send(post + b"2\r\nab\r\n0\r\n" + trailers + b"\r\n")
            self.assertEqual(client.answer().status, status)
            if status == 200:
                self.assertEqual(client.send(clients.get()).answer().content, b"Hello, Ada!\n")
            else:
                self.assertTrue(client.is_gone())


class NoReader(unittest.TestCase):
    """A client that sends requests and takes no answer."""

    REQUEST = clients.get("/echo", "Content-Length: 100000", method="POST") + b"x" * 100000
    FAR_TOO_MANY = 1000  # of them: more than the kernel keeps for both sides

    def serve(self, *options):
        self.host = hosts.Host(self, "--workers", "1", *options, plugins=["greeting", "echo"])
        self.client = clients.Client(self.host, receive_buffer=4096)

    def assert_goes_on(self):
        answer = clients.Client(self.host).send(clients.get()).answer()
        self.assertEqual(answer.content, b"Hello, Ada!\n")

    def test_is_read_no_further(self):
        self.serve()
        stream = self.REQUEST * self.FAR_TOO_MANY
        sent = 0
        self.client.socket.setblocking(False)
        while self.client.may_send(1):
            sent += self.client.socket.send(stream[sent:sent + 65536])
            self.assertLess(sent, len(stream) - 65536)
        self.assert_goes_on()
        self.client.reset()
        self.assert_goes_on()

    def test_is_closed_by_the_write_timeout(self):
        self.serve("--write-timeout", "500ms")
        with self.assertRaises((ConnectionResetError, BrokenPipeError)):
            for _ in range(self.FAR_TOO_MANY):
                self.client.send(self.REQUEST)
        self.assert_goes_on()


if __name__ == "__main__":
    unittest.main()
