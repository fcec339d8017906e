# SPDX-License-Identifier: BSL-1.0
"""The example `notes`: REST over SQLite by offloaded work."""

import json
import pathlib
import tempfile
import threading
import unittest

import clients
import hosts


class Notes(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mortise-")
        self.addCleanup(folder.cleanup)
        self.database = pathlib.Path(folder.name) / "notes.db"
        self.start()

    def start(self):
        self.host = hosts.Host(self, "--check-plugins", "--set", f"notes.database={self.database}",
                               plugins=["notes"])

    def ask(self, path, method="GET", document=None, media_type="application/json"):
        """Status, fields and document of the answer; `document` may be bytes as they are."""
        options = ["-X", method]
        if document is not None:
            text = document if isinstance(document, bytes) else json.dumps(document).encode()
            file = self.database.with_name(f"content-{threading.get_ident()}")
            file.write_bytes(text)
            options += ["-H", f"Content-Type: {media_type}", "--data-binary", f"@{file}"]
        answer = clients.parse(clients.curl(self.host, path, *options))
        return answer.status, answer.fields, json.loads(answer.content or "null")

    def test_keeps_changes_and_removes(self):
        oak = {"title": "Oak", "text": "\u00e9 \"quoted\"\n"}
        status, fields, made = self.ask("/notes", "POST", oak)
        self.assertEqual((status, fields["location"], made), (201, "/notes/1", {"id": 1, **oak}))
        self.assertEqual(self.ask("/notes/1")[2], made)
        ash = {"title": "Ash", "text": ""}
        self.assertEqual(self.ask("/notes/1", "PUT", ash)[2], {"id": 1, **ash})
        self.assertEqual(self.ask("/notes")[2], [{"id": 1, **ash}])
        self.assertEqual(self.ask("/notes/1", "DELETE")[0], 204)
        for method, document in (("GET", None), ("PUT", ash), ("DELETE", None)):
            status, fields, fault = self.ask("/notes/1", method, document)
            self.assertEqual((status, fault["status"]), (404, 404))
            self.assertEqual(fields["content-type"], "application/problem+json")
        self.assertEqual(self.ask("/notes")[2], [])

    def test_lists_what_is_behind_one(self):
        for number in range(105):
            self.ask("/notes", "POST", {"title": str(number), "text": ""})
        self.assertEqual([each["id"] for each in self.ask("/notes")[2]], list(range(1, 101)))
        self.assertEqual([each["id"] for each in self.ask("/notes?after=100")[2]],
                         list(range(101, 106)))
        for query in ("after=", "after=x", "after=-1", "before=3", "after=1&after=2"):
            self.assertEqual(self.ask("/notes?" + query)[0], 400)

    def test_names_every_fault(self):
        for document, pointers in (
                ({}, ["/title", "/text"]),
                ({"title": 7, "text": None}, ["/title", "/text"]),
                ({"title": "", "text": "x" * 10_001}, ["/title", "/text"]),
                ({"title": "x" * 201, "text": ""}, ["/title"]),
                ({"title": "t", "text": "", "id": 1, "a": 2}, ["/id", "/a"])):
            status, _, fault = self.ask("/notes", "POST", document)
            self.assertEqual(status, 422)
            self.assertCountEqual([each["pointer"] for each in fault["errors"]], pointers)
        self.assertEqual(self.ask("/notes", "POST", ["title"])[0], 422)
        for text in (b"", b"{", b'{"title": "a", "text": "\xff"}', b"[" * 5000, b'{"a":1}x'):
            self.assertEqual(self.ask("/notes", "POST", text)[0], 400, text[:20])
        self.assertEqual(self.ask("/notes", "POST", b"{}", "text/plain")[0], 415)
        self.assertEqual(self.ask("/notes")[2], [])

    def test_takes_media_types_as_they_are_written(self):
        for media_type in ("application/json; charset=utf-8", "Application/JSON"):
            self.assertEqual(
                self.ask("/notes", "POST", {"title": "t", "text": ""}, media_type)[0], 201)

    def test_finds_no_note_by_what_is_no_number(self):
        for which in ("x", "-1", "1x", "99999999999999999999", "%31%20"):
            self.assertEqual(self.ask(f"/notes/{which}")[0], 404)

    def test_refuses_what_is_too_large(self):
        huge = b'{"title": "' + b"x" * 70_000 + b'"}'
        answer = clients.Client(self.host).send(
            clients.get("/notes", f"Content-Length: {len(huge)}", method="POST")).answer()
        self.assertEqual(answer.status, 413)

    def test_gives_each_of_many_writers_its_own(self):
        made = []

        def write(number):
            for _ in range(5):
                made.append(self.ask("/notes", "POST", {"title": str(number), "text": ""})[2]["id"])

        writers = [threading.Thread(target=write, args=(number,)) for number in range(8)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        self.assertEqual(sorted(made), list(range(1, 41)))

    def test_finds_what_an_earlier_host_kept(self):
        self.ask("/notes", "POST", {"title": "Oak", "text": ""})
        self.host.stop()
        self.start()
        self.assertEqual(self.ask("/notes/1")[2]["title"], "Oak")

    def test_says_why_it_cannot_begin(self):
        folder = hosts.plugin_folder(self, "notes")
        done = hosts.run_to_end("run", "--plugins", folder, "--listen", "127.0.0.1:0",
                                "--set", "notes.database=/nowhere/notes.db")
        self.assertEqual(done.returncode, 1)
        self.assertIn("notes.so: fails in create: /nowhere/notes.db cannot be opened: unable to "
                      "open database file", done.stderr)


if __name__ == "__main__":
    unittest.main()
