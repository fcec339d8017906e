# SPDX-License-Identifier: BSL-1.0
"""Filters: what they let pass, what they answer, what they change, and in which order."""

import unittest

import clients
import hosts


class Filters(unittest.TestCase):
    def serve(self, *options, plugins=("filters", "events")):
        self.host = hosts.Host(self, "--workers", "1", *options, plugins=plugins)
        self.client = clients.Client(self.host)

    def ask(self, path, method="GET"):
        return clients.parse(clients.curl(self.host, path, "-X", method))

    def order(self, path):
        text = clients.curl(self.host, path).decode().partition("\r\n\r\n")[0]
        return [line.removeprefix("X-Order: ") for line in text.split("\r\n") if "X-Order" in line]

    def test_run_in_the_order_that_is_asked_for(self):
        for names, order in (("outer,inner", ["inner", "outer"]), ("inner,outer", ["outer", "inner"]),
                             ("inner", ["inner"])):
            self.serve("--filters", names)
            self.assertEqual(self.order("/plain"), order)

    def test_do_not_run_unless_they_are_named(self):
        self.serve()
        self.assertEqual(self.order("/plain"), [])
        self.host.wait_for_line("warning a filter does not run, since plugins.filters does not name it "
                                "plugin=filters filter=inner")

    def test_let_go_on_and_answer(self):
        self.serve("--filters", "outer,inner")
        for path, content, order in (("/plain", b"from the route", ["inner", "outer"]),
                                     ("/waits", b"from the route", ["inner", "outer"]),
                                     ("/answered", b"from the filter", ["outer"])):
            self.assertEqual(self.ask(path).content, content)
            self.assertEqual(self.order(path), order)
            self.assertEqual(self.ask(path).fields["x-remembered"], path)

    def test_see_what_no_route_serves(self):
        self.serve("--filters", "outer,inner")
        for path, method, status in (("/a/b", "GET", 404), ("/plain", "POST", 405),
                                     ("/plain", "OPTIONS", 204)):
            answer = self.ask(path, method)
            self.assertEqual((answer.status, answer.fields["x-remembered"]), (status, path))

    def test_change_status_and_fields(self):
        self.serve("--filters", "outer,inner")
        answer = self.ask("/changed")
        self.assertEqual((answer.status, answer.fields["content-type"]), (203, "text/html"))
        self.assertEqual(answer.content, b"from the route")
        self.assertNotIn("content-type", self.ask("/removed").fields)

    def test_see_the_head_of_a_stream(self):
        self.serve("--filters", "outer", "--set", "events.period-ms=10")
        client = clients.Client(self.host).send(clients.get("/events"))
        while b"id: 2\n" not in client.bytes:
            client.bytes += client.socket.recv(65536)
        self.assertIn(b"X-Remembered: /events\r\n", client.bytes)
        client.reset()

    def test_are_named_where_they_break_a_rule(self):
        self.serve("--filters", "outer,inner")
        answer = self.ask("/faults")
        self.assertEqual((answer.status, answer.content), (200, b"from the route"))
        self.assertNotIn("x-evil", answer.fields)
        self.assertNotIn("x-a", answer.fields)
        for fault in (r"set_status\(\): a status with content does not become one without",
                      r"set_status\(\): the status is not from 200 to 599",
                      r"set_field\(\): a field value has CR, LF",
                      r"set_field\(\): a field name is not a token",
                      r"add_field\(\): Content-Length is the host's to write",
                      r"add_field\(\): Date, Connection, Keep-Alive"):
            self.host.wait_for_line(f"error 1.0.0: filter inner: {fault}.* plugin=filters")
        for path in ("/fails", "/nothing"):
            self.assertEqual(self.ask(path).status, 500)
        self.host.wait_for_line("filter inner: failed with code -1")
        self.host.wait_for_line("filter inner: returned MORTISE_REPLIED without a reply")
        self.assertEqual(self.ask("/foreign").status, 200)
        self.assertEqual(self.ask("/go-on-in-a-route").status, 200)
        self.host.wait_for_line(r"GET /\{path\}: go_on\(\): called by a route, not a filter")

    def test_that_never_go_on_are_late_as_handlers_are(self):
        self.serve("--filters", "outer,inner", "--handler-timeout", "200ms")
        answer = self.ask("/never")
        self.assertEqual((answer.status, answer.fields["connection"]), (504, "close"))
        self.assertEqual(self.ask("/plain").content, b"from the route")

    def test_survive_clients_that_leave_while_they_wait(self):
        self.serve("--filters", "outer,inner", "--handler-timeout", "200ms")
        for path in ("/never", "/waits") * 20:  # some are read, some are not
            clients.Client(self.host).send(clients.get(path)).reset()
        self.assertEqual(self.ask("/plain").content, b"from the route")

    def test_leave_nothing_to_the_handler_behind_them(self):
        self.serve("--filters", "inner", "--set", "fan-out.delay-ms=20",
                   plugins=["filters", "fan-out"])
        half_closed = clients.Client(self.host).send(clients.get("/fan-out")).shut()
        self.assertEqual(half_closed.answer().status, 200)
        left = clients.Client(self.host).send(clients.get("/fan-out"))
        self.assertEqual(self.ask("/plain").status, 200)
        left.reset()
        self.host.stop()
        self.assertNotIn("holds no more", "\n".join(self.host.err.rest()))

    def test_of_the_sdk_wait_answer_and_throw(self):
        self.serve("--filters", "slow,stamp", "--check-plugins",
                   plugins=["cpp_filters", "greeting"])
        for query, status, content in (
                ("", 203, b"Hello, Ada!\n"), ("at-once", 200, b"answered at once\n"),
                ("answer", 200, b"answered by /Ada\n"), ("error", 418, b"No\n")):
            answer = self.ask("/Ada?" + query)
            self.assertEqual((answer.status, answer.content), (status, content))
        self.assertEqual(self.ask("/Ada").fields["x-length"], "12")
        self.assertEqual(self.ask("/Ada?unknown").status, 500)
        self.host.wait_for_line("error a handler threw: on purpose plugin=cpp-filters exchange=")
        answer = self.ask("/Ada?throw")
        self.assertEqual((answer.status, answer.content), (200, b"Hello, Ada!\n"))
        self.host.wait_for_line("a filter threw behind a response: on purpose")

    def test_of_the_sdk_throw_where_the_host_refuses_a_change(self):
        self.serve("--filters", "stamp", plugins=["cpp_filters", "greeting"])
        self.assertEqual(self.ask("/Ada?refused").status, 200)
        self.host.wait_for_line("a filter threw behind a response: the host refuses to change Conn")

    def test_that_are_missing_are_not_done_without(self):
        for plugins, names, missing in ((["greeting"], "bearer", "bearer"),
                                        (["filters"], "outer,other", "other")):
            folder = hosts.plugin_folder(self, *plugins)
            done = hosts.run_to_end("run", "--plugins", folder, "--listen", "127.0.0.1:0",
                                    "--filters", names)
            self.assertEqual(done.returncode, 1)
            self.assertIn(f'no plugin in service has the filter "{missing}"', done.stderr)

    def test_are_named_once(self):
        folder = hosts.plugin_folder(self, "filters")
        done = hosts.run_to_end("run", "--plugins", folder, "--filters", "outer,outer")
        self.assertEqual(done.returncode, 2)
        self.assertIn('"outer" is named twice; name it once', done.stderr)


if __name__ == "__main__":
    unittest.main()
