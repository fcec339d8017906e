# SPDX-License-Identifier: BSL-1.0
"""The examples whose handlers wait: fan-out, events and upload."""

import hashlib
import pathlib
import re
import subprocess
import unittest

import clients
import hosts


def serve(test, *options, plugins):
    """A host that would end where the SDK broke a rule of the border."""
    return hosts.Host(test, "--check-plugins", *options, plugins=plugins)


class FanOut(unittest.TestCase):
    def setUp(self):
        self.host = serve(self, "--workers", "1", plugins=["fan-out"])

    def ask(self, path):
        return clients.parse(clients.curl(self.host, path))

    def test_answers_with_all_its_branches(self):
        answer = self.ask("/fan-out")
        self.assertEqual((answer.status, answer.content), (200, b"10 answers, sum 45\n"))

    def test_answers_with_the_first_of_two(self):
        self.assertEqual(self.ask("/fan-out/first").content, b"source 2 was first\n")

    def test_answers_504_where_the_source_takes_too_long(self):
        answer = self.ask("/fan-out/in-time")
        self.assertEqual((answer.status, answer.content),
                         (504, b"The source did not answer in time\n"))

    def test_serves_a_thousand_at_once_on_one_loop(self):
        waiting = [clients.Client(self.host) for _ in range(1000)]
        for client in waiting:
            client.send(clients.get("/fan-out"))
        for client in waiting:
            self.assertEqual(client.answer().content, b"10 answers, sum 45\n")

    def test_ends_in_order_while_requests_wait(self):
        host = serve(self, "--workers", "1", "--set", "fan-out.delay-ms=5000", plugins=["fan-out"])
        client = clients.Client(host).send(clients.get("/fan-out"))
        idle = clients.Client(host)
        idle.send(clients.get("/")).answer() # so the loop has seen the request before it
        host.signal()
        self.assertEqual(idle.rest(), b"")
        answer = client.answer()
        self.assertEqual((answer.status, answer.fields["connection"]), (200, "close"))
        self.assertEqual(host.wait_for_end(), 0)


class Leaving(unittest.TestCase):
    def test_leaves_nothing_behind_where_clients_leave(self):
        host = serve(self, "--set", "fan-out.delay-ms=3600000", plugins=["fan-out"])
        for _ in range(5):
            left = [clients.Client(host) for _ in range(100)]
            for client in left:
                client.send(clients.get("/fan-out"))
            for client in left:
                client.reset()
        # The host ends at once, with exit code 0: no exchange and no operation is left.

    def test_cuts_off_what_does_not_end_in_time(self):
        host = serve(self, "--set", "fan-out.delay-ms=3600000", "--drain-timeout", "100ms",
                          plugins=["fan-out"])
        client = clients.Client(host).send(clients.get("/fan-out"))
        while b"HTTP" not in clients.curl(host, "/none"):
            pass
        host.signal()
        self.assertEqual(host.wait_for_end(), 1)
        self.assertNotIn("does not let go", "\n".join(host.err.rest()))
        client.close()


class Events(unittest.TestCase):
    def setUp(self):
        self.host = serve(self, "--set", "events.period-ms=10", plugins=["events"])

    def listen(self, *lines):
        return clients.Client(self.host).send(clients.get("/events", *lines))

    def read_until(self, client, pattern):
        while not re.search(pattern, client.bytes):
            piece = client.socket.recv(65536)
            self.assertTrue(piece, client.bytes)
            client.bytes += piece
        return client.bytes

    def test_sends_events_with_numbers(self):
        text = self.read_until(self.listen(), rb"id: 5\n")
        self.assertIn(b"Content-Type: text/event-stream\r\n", text)
        self.assertIn(b"Transfer-Encoding: chunked\r\n", text)
        self.assertEqual(re.findall(rb"id: (\d+)\n", text)[:5], [b"1", b"2", b"3", b"4", b"5"])

    def test_goes_on_where_the_client_left_off(self):
        text = self.read_until(self.listen("Last-Event-ID: 41"), rb"id: \d+\n")
        self.assertIn(b"id: 42\n", text)

    def test_ends_with_its_clients(self):
        host = serve(self, plugins=["events"])
        for leave in (clients.Client.reset, clients.Client.close):
            for _ in range(50):
                client = clients.Client(host).send(clients.get("/events"))
                self.read_until(client, rb"id: 1\n")
                leave(client)


class Upload(unittest.TestCase):
    def setUp(self):
        self.host = serve(self, "--set", "upload.limit=300000000", plugins=["upload"])

    def memory(self):
        """Of the host, in bytes."""
        status = pathlib.Path(f"/proc/{self.host.process.pid}/status").read_text()
        return 1024 * int(re.search(r"VmRSS:\s+(\d+) kB", status)[1])

    def upload(self, size, *options):
        zeros = subprocess.Popen(["head", "-c", str(size), "/dev/zero"], stdout=subprocess.PIPE)
        with zeros, zeros.stdout:
            done = subprocess.run(
                ["curl", "-s", "-i", "--noproxy", "*", "-X", "POST", "-T", "-", *options,
                 self.host.url + "upload"], stdin=zeros.stdout, capture_output=True, check=False)
        return clients.parse(done.stdout)

    def test_hashes_content_in_constant_memory(self):
        size = 200_000_000
        before = self.memory()
        digest = hashlib.sha256(bytes(size)).hexdigest()
        answer = self.upload(size)
        self.assertEqual(answer.content.decode(), f"{size} bytes, SHA-256 {digest}\n")
        self.assertLess(self.memory() - before, 16 * 1024 * 1024)

    def test_refuses_more_than_its_limit(self):
        self.assertEqual(self.upload(300_000_001).status, 413)


if __name__ == "__main__":
    unittest.main()
