# SPDX-License-Identifier: BSL-1.0
"""Clients of a host: curl, and a socket that sends exactly what it is told."""

import collections
import select
import socket
import struct
import subprocess

import hosts

Answer = collections.namedtuple("Answer", "status fields content")


def get(path="/Ada", *lines, method="GET"):
    """A request's bytes, without content."""
    head = [f"{method} {path} HTTP/1.1", "Host: localhost", *lines]
    return ("\r\n".join(head) + "\r\n\r\n").encode("latin-1")


def curl(host, path, *options):
    """What `curl -i` prints. A path that curl must not touch is sent as it is."""
    done = subprocess.run(
        ["curl", "-s", "-S", "-i", "--noproxy", "*", "--path-as-is", "--max-time",
         str(hosts.PATIENCE), *options, host.url.rstrip("/") + path],
        stdin=subprocess.DEVNULL, capture_output=True, check=False)
    host.test.assertEqual(done.returncode, 0, done.stderr)
    return done.stdout


def parse(text):
    """The answer that curl printed: its last one, with all the content there is."""
    head, _, content = text.partition(b"\r\n\r\n")
    if head.startswith(b"HTTP/1.1 100"):
        return parse(content)
    return Answer(*read_head(head), content)


def read_head(head):
    status_line, *lines = head.decode("latin-1").split("\r\n")
    version, status, _ = status_line.split(" ", 2)
    if version != "HTTP/1.1":
        raise ValueError(f"no answer begins with {status_line!r}")
    return int(status), {name.lower(): value.strip() for name, value in
                         (line.split(":", 1) for line in lines)}


def first_with_answer(waiting):
    """The first of these clients that gets a byte."""
    ready, _, _ = select.select([each.socket for each in waiting], [], [], hosts.PATIENCE)
    return next(each for each in waiting if each.socket in ready)


class Client:
    """One connection. Closed with the test."""

    def __init__(self, host, receive_buffer=None):
        self.bytes = b""
        family = socket.AF_INET6 if ":" in host.address else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        host.test.addCleanup(self.socket.close)
        if receive_buffer is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(hosts.PATIENCE)
        self.socket.connect((host.address, int(host.port)))

    def send(self, content):
        self.socket.sendall(content)
        return self

    def shut(self):
        """Says that nothing more will be sent."""
        self.socket.shutdown(socket.SHUT_WR)
        return self

    def reset(self):
        """Leaves with an RST instead of a FIN."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def close(self):
        self.socket.close()

    def answer(self, method="GET"):
        """The next answer, to a request of `method`."""
        while b"\r\n\r\n" not in self.bytes:
            self._receive()
        head, _, self.bytes = self.bytes.partition(b"\r\n\r\n")
        status, fields = read_head(head)
        size = 0 if method == "HEAD" or status == 100 else int(fields.get("content-length", 0))
        while len(self.bytes) < size:
            self._receive()
        content, self.bytes = self.bytes[:size], self.bytes[size:]
        return Answer(status, fields, content)

    def rest(self):
        """All bytes up to the end of the stream, in which no reset may cut."""
        while piece := self.socket.recv(1 << 16):
            self.bytes += piece
        rest, self.bytes = self.bytes, b""
        return rest

    def is_gone(self):
        """Waits for the end of the connection, whichever way it comes; True once it is there."""
        try:
            while self.socket.recv(1 << 16):
                pass
        except ConnectionResetError:
            pass
        return True

    def may_send(self, seconds):
        """Whether the kernel takes more bytes, at once or within the time."""
        return bool(select.select([], [self.socket], [], seconds)[1])

    def has_bytes(self):
        """Whether bytes, or the end of the stream, are there now."""
        return bool(select.select([self.socket], [], [], 0)[0])

    def _receive(self):
        piece = self.socket.recv(1 << 16)
        if not piece:
            raise EOFError(f"the stream ended behind {self.bytes[-200:]!r}")
        self.bytes += piece
