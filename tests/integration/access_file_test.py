# SPDX-License-Identifier: BSL-1.0
"""The access log in a file: rotated under load, sampled, mended after a kill."""

import contextlib
import json
import pathlib
import re
import signal
import stat
import tempfile
import threading
import unittest

import clients
import hosts


class AccessFile(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mortise-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.file = self.folder / "access.log"

    def serve(self, *options, **more):
        return hosts.Host(self, "--access-log", "json", "--access-log-file", self.file, *options,
                          **more)

    def lines(self, file=None):
        return [json.loads(line) for line in (file or self.file).read_text().splitlines()]

    def reopened(self, host):
        return sum("the access log was opened anew" in line for line in host.err.all())

    def test_leaves_standard_output_to_the_start_line(self):
        host = self.serve()
        clients.curl(host, "/Ada")
        host.stop()
        self.assertEqual(host.out.rest(), [f"Server started at {host.url}"])
        self.assertEqual([line["target"] for line in self.lines()], ["/Ada"])
        self.assertEqual(stat.S_IMODE(self.file.stat().st_mode) & 0o137, 0)

    def test_has_every_line_though_it_is_rotated_under_load(self):
        host = self.serve("--workers", "2")
        is_over = threading.Event()
        asked = []

        def ask():
            client = clients.Client(host)
            count = 0
            while not is_over.is_set():
                client.send(clients.get() * 50)
                for _ in range(50):
                    self.assertEqual(client.answer().status, 200)
                count += 50
            asked.append(count)

        threads = [threading.Thread(target=ask) for _ in range(6)]
        for thread in threads:
            thread.start()
        for number in range(8):
            size = self.file.stat().st_size
            host.wait_until(lambda: self.file.stat().st_size > size)
            self.file.rename(self.folder / f"access.log.{number}")
            host.signal(signal.SIGUSR1)
            host.wait_until(lambda: self.reopened(host) == number + 1)
        is_over.set()
        for thread in threads:
            thread.join()
        host.stop()
        dropped = sum(int(found[1]) for line in host.err.rest() if
                      (found := re.search("access log lines were dropped count=(\\d+)", line)))
        files = list(self.folder.iterdir())
        self.assertEqual(len(files), 9)
        self.assertEqual(len(asked), 6)
        self.assertEqual(sum(len(self.lines(file)) for file in files) + dropped, sum(asked))

    def test_stays_with_its_file_where_it_cannot_be_opened_anew(self):
        inner = self.folder / "inner"
        inner.mkdir()
        self.file = inner / "access.log"
        host = self.serve()
        inner.rename(self.folder / "moved")
        host.signal(signal.SIGUSR1)
        host.wait_for_line("error access log: .*access.log cannot be opened: No such file or "
                           "directory; what was open is written on")
        clients.curl(host, "/Ada")
        host.stop()
        self.assertEqual(len(self.lines(self.folder / "moved/access.log")), 1)

    def test_is_no_matter_to_a_host_without_one(self):
        host = hosts.Host(self, "--access-log", "json")
        host.signal(signal.SIGUSR1)
        self.assertEqual(clients.parse(clients.curl(host, "/Ada")).status, 200)
        host.stop()
        self.assertEqual(len(host.out.rest()), 1)

    def test_has_its_last_line_ended_after_a_kill(self):
        host = self.serve()
        client = clients.Client(host)
        client.send(clients.get() * 10)
        host.wait_until(lambda: self.file.read_bytes().count(b"\n") == 10)
        host.process.kill()
        host.wait_for_end()
        with self.file.open("r+b") as cut:  # as where the kill met the write
            cut.truncate(self.file.stat().st_size - 20)
        host = self.serve()
        host.wait_for_line("warning the access log ended within a line, which was ended")
        clients.curl(host, "/Ada")
        host.stop()
        *whole, half, last = self.file.read_text().splitlines()
        self.assertEqual(len(whole), 9)
        self.assertRaises(ValueError, json.loads, half)
        self.assertEqual(json.loads(last)["target"], "/Ada")

    def test_is_mended_after_each_of_several_kills_in_the_midst_of_writes(self):
        cut = 0
        for _ in range(6):
            host = self.serve("--workers", "2")
            is_over = threading.Event()

            def ask():
                with contextlib.suppress(OSError, EOFError):
                    client = clients.Client(host)
                    while not is_over.is_set():
                        client.send(clients.get() * 50)
                        for _ in range(50):
                            client.answer()

            threads = [threading.Thread(target=ask) for _ in range(4)]
            for thread in threads:
                thread.start()
            size = self.file.stat().st_size
            host.wait_until(lambda: self.file.stat().st_size > size + 100_000)
            host.process.kill()
            host.wait_for_end()
            is_over.set()
            for thread in threads:
                thread.join()
            is_cut = not self.file.read_bytes().endswith(b"\n")
            cut += is_cut
            next_host = self.serve()
            next_host.stop()
            warned = "the access log ended within a line" in "\n".join(next_host.err.rest())
            self.assertEqual(warned, is_cut)
        broken = 0
        for line in self.file.read_text().splitlines():
            try:
                json.loads(line)
            except ValueError:
                broken += 1
        self.assertLessEqual(broken, cut)  # a cut may have met the end of the object

    def test_has_one_of_so_many_and_each_failure(self):
        host = self.serve("--access-log-sample", "10", "--workers", "1",
                          "--quarantine-faults", "0", plugins=["greeting", "replies_nothing"])
        client = clients.Client(host)
        for number in range(30):
            client.send(clients.get("/fault" if number % 7 == 3 else f"/{number}"))
            client.answer()
        host.stop()
        lines = self.lines()
        self.assertEqual([line["target"] for line in lines if line["status"] == 500],
                         ["/fault"] * 4)
        self.assertEqual([line["target"] for line in lines if line["status"] == 200],
                         ["/0", "/20"])  # the eleventh is a failure

    def test_that_cannot_be_opened_ends_the_start(self):
        folder = hosts.plugin_folder(self, "greeting")
        done = hosts.run_to_end("run", "--plugins", folder, "--listen", "127.0.0.1:0",
                                "--access-log", "json", "--access-log-file", self.file / "no")
        self.assertEqual(done.returncode, 1)
        self.assertIn("access_log.file: " + str(self.file / "no") + " cannot be opened",
                      done.stderr)


class ErrorLog(unittest.TestCase):
    def test_is_json_where_it_is_asked_for(self):
        host = hosts.Host(self, "--log-format", "json", "--set", "greeting.non\tsense=1")
        host.stop()
        lines = [json.loads(line) for line in host.err.rest()]
        self.assertTrue(all({"time", "level", "message"} <= line.keys() for line in lines))
        unread, = [line for line in lines if "was not read" in line["message"]]
        self.assertIn("non\tsense", unread["message"])
        self.assertEqual((unread["level"], unread["plugin"]), ("warning", "greeting"))


if __name__ == "__main__":
    unittest.main()
