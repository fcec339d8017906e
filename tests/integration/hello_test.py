# SPDX-License-Identifier: BSL-1.0
"""One scenario for the same plugin in C++, C and Rust, and for those that earlier SDKs built."""

import pathlib
import platform
import re
import shutil
import unittest

import clients
import hosts

MUSEUM = pathlib.Path(__file__).resolve().parents[1] / "abi/museum"


class Scenario:
    """What each of them does; `plugin` is its name or file."""

    plugin: str

    def setUp(self):
        self.host = hosts.Host(self, "--check-plugins", plugins=[self.plugin])
        self.client = clients.Client(self.host)

    def ask(self, path, *lines, method="GET", content=b""):
        if content:
            lines = (*lines, f"Content-Length: {len(content)}")
        self.client.send(clients.get(path, *lines, method=method) + content)
        return self.client.answer(method)

    def test_greets(self):
        answer = self.ask("/")
        self.assertEqual((answer.status, answer.content), (200, b"Hello, world!\n"))
        self.assertEqual(answer.fields["content-type"], "text/plain; charset=utf-8")
        self.assertEqual(self.ask("/Ada").content, b"Hello, Ada!\n")
        self.assertEqual(self.ask("/Ada%20Lovelace").content, b"Hello, Ada Lovelace!\n")
        self.assertEqual(self.ask("/%C3%A9?x=y").content, "Hello, \u00e9!\n".encode())

    def test_answers_content(self):
        answer = self.ask("/", "content-TYPE: text/csv", method="POST", content=b"a,b\r\n")
        self.assertEqual((answer.status, answer.content), (200, b"a,b\r\n"))
        self.assertEqual(answer.fields["content-type"], "text/csv")
        answer = self.ask("/", method="POST", content=bytes(range(256)) * 256)
        self.assertEqual(answer.content, bytes(range(256)) * 256)
        self.assertEqual(answer.fields["content-type"], "application/octet-stream")
        self.assertEqual(self.ask("/", "Content-Length: 0", method="POST").content, b"")

    def test_leaves_to_the_host_what_the_host_does(self):
        answer = self.ask("/Ada", method="HEAD")
        self.assertEqual((answer.status, answer.fields["content-length"]), (200, "12"))
        self.assertEqual(self.ask("/a/b").status, 404)
        answer = self.ask("/Ada", method="DELETE")
        self.assertEqual((answer.status, answer.fields["allow"]), (405, "GET, HEAD, OPTIONS"))
        answer = self.ask("/", method="OPTIONS")
        self.assertEqual((answer.status, answer.fields["allow"]), (204, "GET, HEAD, OPTIONS, POST"))
        self.assertEqual(self.ask("/", "Content-Length: 65537", method="POST").status, 413)

    def test_answers_a_hundred_in_a_row(self):
        for number in range(100):
            self.client.send(clients.get(f"/{number}"))
        for number in range(100):
            self.assertEqual(self.client.answer().content, f"Hello, {number}!\n".encode())

    def tearDown(self):
        self.host.stop()
        self.assertEqual([line for line in self.host.err.all() if " info " not in line], [])


class InCpp(Scenario, unittest.TestCase):
    plugin = "hello"


class InC(Scenario, unittest.TestCase):
    plugin = "hello-c"


@unittest.skipUnless(hosts.is_built("hello-rust"), "there was no rustc")
class InRust(Scenario, unittest.TestCase):
    plugin = "hello-rust"


def abi_of_host():
    """(0, 2)"""
    header = pathlib.Path(__file__).resolve().parents[2] / "sdk/include/mortise/abi/types.h"
    number = int(re.search(r"MORTISE_ABI_VERSION UINT32_C\((0x\w+)\)", header.read_text())[1], 16)
    return number >> 16, number & 0xffff


def is_loaded(abi):
    """Whether a host of today loads a plugin of that version."""
    today = abi_of_host()
    return abi == today if today[0] == 0 else abi[0] == today[0]


@unittest.skipUnless(platform.machine() == "x86_64", "the museum's plugins are for x86-64")
class InTheMuseum(unittest.TestCase):
    """The scenario is run in a class of its own for each plugin that is to be loaded."""

    def test_is_refused_with_both_versions_where_the_border_is_another(self):
        for file in MUSEUM.glob("*/*.so"):
            abi = tuple(map(int, file.parent.name.split(".")))
            if is_loaded(abi):
                continue
            folder = hosts.plugin_folder(self)
            shutil.copyfile(file, folder / file.name)
            told = hosts.run_to_end("run", "--plugins", folder, "--listen", "127.0.0.1:0").stderr
            for version in (abi, abi_of_host()):
                self.assertIn(f"ABI {version[0]}.{version[1]}", told)


if platform.machine() == "x86_64":
    for museum_file in sorted(MUSEUM.glob("*/*.so")):
        version = tuple(map(int, museum_file.parent.name.split(".")))
        if is_loaded(version):
            name = f"InTheMuseum_{museum_file.parent.name}_{museum_file.stem}"
            globals()[name] = type(name, (Scenario, unittest.TestCase), {"plugin": museum_file})

if __name__ == "__main__":
    unittest.main()
