# SPDX-License-Identifier: BSL-1.0
"""One line for each request on standard output, whatever the request holds."""

import json
import os
import re
import threading
import unittest

import clients
import hosts

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"
HOSTILE = "\"\\\t <script>\x80\xff é"


class AccessLog(unittest.TestCase):
    def serve(self, form, **more):
        return hosts.Host(self, "--access-log", form, **more)

    def lines_after_end(self, host):
        host.stop()
        return host.out.rest()

    def test_is_off_unless_asked_for(self):
        host = hosts.Host(self)
        clients.curl(host, "/Ada")
        self.assertEqual(self.lines_after_end(host), [f"Server started at {host.url}"])

    def test_leaves_standard_output_to_the_log(self):
        for form in ("combined", "json"):
            host = self.serve(form)
            self.assertEqual(self.lines_after_end(host), [])
            self.assertIn(f"Server started at {host.url}", host.err.rest())

    def test_writes_the_combined_format(self):
        host = self.serve("combined")
        clients.curl(host, "/Ada?x=1", "-A", "browser", "-e", "http://from/")
        clients.curl(host, "/no/such", "-A", "")
        lines = self.lines_after_end(host)  # in no order between loops
        named, unnamed = sorted(lines, key=lambda line: "/no/such" in line)
        stamp = r"\[\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d \+0000\]"
        self.assertRegex(named, r"^127\.0\.0\.1 - - " + stamp +
                         r' "GET /Ada\?x=1 HTTP/1\.1" 200 12 "http://from/" "browser"$')
        self.assertRegex(unnamed, r'"GET /no/such HTTP/1\.1" 404 \d+ "-" "-"$')

    def test_writes_json(self):
        host = self.serve("json")
        clients.curl(host, "/Ada?x=1", "-A", "browser", "-H", f"traceparent: 00-{TRACE}-{PARENT}-01",
                     "-H", "X-Request-Id: not-believed")
        line, = map(json.loads, self.lines_after_end(host))
        self.assertRegex(line.pop("request_id"), r"^[0-9a-f]{32}$")
        self.assertRegex(line.pop("time"), r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        self.assertGreaterEqual(line.pop("duration_ms"), 0)
        self.assertEqual(line, {
            "remote": "127.0.0.1", "status": 200, "bytes": 12, "method": "GET",
            "target": "/Ada?x=1", "version": "1.1", "authority": f"127.0.0.1:{host.port}",
            "route": "/{name}", "trace_id": TRACE, "user_agent": "browser"})

    def test_tells_requests_apart(self):
        host = self.serve("json")
        for parent in ("0" * 16, PARENT):
            clients.curl(host, "/Ada", "-H", f"traceparent: 00-{TRACE}-{parent}-01")
        lines = [json.loads(line) for line in self.lines_after_end(host)]
        self.assertEqual(len({line["request_id"] for line in lines}), 2)
        self.assertEqual([line["trace_id"] for line in lines if "trace_id" in line], [TRACE])

    def test_lets_no_byte_out_of_its_quotes(self):
        for form in ("combined", "json"):
            host = self.serve(form)
            client = clients.Client(host)
            client.send(clients.get("/%22%0A%5C", f"User-Agent: {HOSTILE}", f"Referer: {HOSTILE}"))
            self.assertEqual(client.answer().status, 200)
            client.send(b"\"\x01\xff\r\n\r\n")
            self.assertEqual(client.answer().status, 400)
            client.close()
            lines = self.lines_after_end(host)
            self.assertEqual(len(lines), 2)
            if form == "json":
                asked, refused = map(json.loads, lines)
                self.assertIn('"\\', asked["user_agent"])
                self.assertEqual(asked["target"], "/%22%0A%5C")
                self.assertEqual(refused["status"], 400)
                self.assertNotIn("method", refused)
            else:
                self.assertIsNone(re.search(r"[^\x20-\x7e]", "".join(lines)))
                self.assertTrue(all(line.count('"') == 6 for line in lines))

    def test_tells_of_answers_that_no_handler_gave(self):
        host = self.serve("json", plugins=["never_replies"])
        client = clients.Client(host).send(clients.get("/x", method="BREW"))
        self.assertEqual(client.answer().status, 501)
        client.close()
        client = clients.Client(host).send(clients.get("/fault", method="PUT"))
        self.assertEqual(client.answer().status, 405)
        statuses = [json.loads(line)["status"] for line in self.lines_after_end(host)]
        self.assertEqual(sorted(statuses), [405, 501])

    def test_writes_one_line_a_request_under_concurrency(self):
        host = self.serve("json")

        def ask(name):
            client = clients.Client(host)
            for first in range(0, 200, 20):
                numbers = range(first, first + 20)
                client.send(b"".join(clients.get(f"/{name}-{number}") for number in numbers))
                for _ in numbers:
                    client.answer()

        threads = [threading.Thread(target=ask, args=(name,)) for name in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        lines = [json.loads(line) for line in self.lines_after_end(host)]
        self.assertEqual(len(lines), 2000)
        self.assertEqual({line["target"] for line in lines},
                         {f"/{name}-{number}" for name in range(10) for number in range(200)})

    def test_outlives_its_reader(self):
        reader, writer = os.pipe()
        host = self.serve("combined", stdout=writer)
        os.close(writer)
        os.close(reader)
        client = clients.Client(host)
        for _ in range(5):
            client.send(clients.get() * 1000)
            for _ in range(1000):
                self.assertEqual(client.answer().status, 200)
        host.stop()


if __name__ == "__main__":
    unittest.main()
