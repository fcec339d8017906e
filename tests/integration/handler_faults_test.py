# SPDX-License-Identifier: BSL-1.0
"""Handlers that break the border's rules: the client gets an answer, and the host goes on."""

import unittest

import clients
import hosts


class HandlerFaults(unittest.TestCase):
    def serve(self, name, *options):
        self.host = hosts.Host(self, *options, plugins=[name, "greeting"])
        self.client = clients.Client(self.host)

    def ask(self, path="/fault"):
        return self.client.send(clients.get(path)).answer()

    def assert_goes_on(self):
        """On the same connection and on another."""
        self.assertEqual(self.ask("/Ada").content, b"Hello, Ada!\n")
        self.assertIn(b"Hello, Ada!\n", clients.curl(self.host, "/Ada"))

    def assert_reports(self, name, fault):
        self.host.wait_for_line(f"error 1.0.0: .*{fault}.* plugin={name.replace('_', '-')}")

    def test_answers_500_where_there_is_no_reply(self):
        for name, fault in (
                ("throws_in_handle", "GET /fault: let an exception cross the border"),
                ("fails_in_handle", "GET /fault: failed with code -"),
                ("replies_nothing", "GET /fault: returned MORTISE_REPLIED without a reply"),
                ("unknown_result", "GET /fault: returned an unknown result 77"),
                ("waits_unasked", "returned MORTISE_PENDING on a route without")):
            with self.subTest(plugin=name):
                self.serve(name)
                self.assertEqual(self.ask().status, 500)
                self.assert_reports(name, fault)
                self.assert_goes_on()

    def test_keeps_the_first_of_two_replies(self):
        self.serve("replies_twice")
        self.assertEqual(self.ask().content, b"first")
        self.assert_reports("replies_twice", "replied to before")
        self.assert_goes_on()

    def test_takes_one_reply_after_the_client_left(self):
        self.serve("replies_after_cancel")
        leaving = clients.Client(self.host).send(clients.get("/fault"))
        self.host.wait_for_line("info waiting ")
        leaving.reset()
        self.assert_reports("replies_after_cancel", "replied to before")
        self.host.wait_for_line("info the replies returned -[0-9]+ and -[0-9]+ ")
        self.assert_goes_on()

    def test_lets_no_field_split_the_answer(self):
        self.serve("bad_fields")
        for value in ("a%0D%0Ax-evil:%201", "a%0Ab", "a%0Db"):
            answer = self.ask(f"/fault/{value}")
            self.assertEqual(answer.status, 500)
            self.assertNotIn("x-evil", answer.fields)
            self.assertNotIn("x-field", answer.fields)
        self.assert_reports("bad_fields", "may not be sent")
        self.assertEqual(self.ask("/fault/good").fields["x-field"], "good")
        self.assert_goes_on()

    def test_believes_no_size_and_no_pointer(self):
        self.serve("replies_badly")
        for which, fault in (
                ("1", "size is smaller than mortise_reply"), ("2", "status is not between"),
                ("3", "status is not between"), ("4", "fields are null, or more than 1024"),
                ("5", "fields are null, or more than 1024"), ("6", "null with a size"),
                ("7", "content is null with a size"), ("8", "content is null with a size"),
                ("9", "a field name .* may not be sent"), ("a", "a field name .* may not be sent")):
            with self.subTest(fault=which):
                self.assertEqual(self.ask(f"/fault/{which}").status, 500)
                self.assert_reports("replies_badly", rf"GET /fault/{{which}}: reply\(\): .*{fault}")
        self.assert_goes_on()

    def test_takes_no_reply_from_another_thread(self):
        self.serve("replies_from_thread")
        self.assertEqual(self.ask().content, b"from the loop")
        self.assert_reports("replies_from_thread", "not the exchange's loop")
        self.assert_goes_on()

    def test_takes_a_late_reply_on_the_loop(self):
        self.serve("replies_later")
        for name in ("one", "two", "three"):
            self.client.send(clients.get(f"/later/{name}"))
        contents = [self.client.answer().content for _ in range(3)]
        self.assertEqual(contents, [b"one", b"two", b"three"])
        self.assert_goes_on()

    def test_answers_504_for_a_handler_that_never_does(self):
        self.serve("never_replies", "--handler-timeout", "300ms")
        answer = self.ask()
        self.assertEqual((answer.status, answer.fields["connection"]), (504, "close"))
        self.assertEqual(self.client.rest(), b"")
        self.client = clients.Client(self.host)
        self.assert_goes_on()

    def test_survives_a_client_that_leaves_while_its_handler_waits(self):
        self.serve("never_replies", "--handler-timeout", "300ms")
        for leave in (clients.Client.close, clients.Client.reset):
            gone = clients.Client(self.host).send(clients.get())
            gone.answer()
            leave(gone.send(clients.get("/fault")))
        self.assertEqual(self.ask().status, 504)
        self.client = clients.Client(self.host)
        self.assert_goes_on()

    def test_writes_few_lines_for_many_faults(self):
        self.serve("fails_in_handle", "--quarantine-faults", "0")
        for _ in range(2000):
            self.client.send(clients.get("/fault"))
        for _ in range(2000):
            self.assertEqual(self.client.answer().status, 500)
        self.host.stop()
        told = [line for line in self.host.err.rest() if "failed with code" in line]
        self.assertGreater(len(told), 0)
        self.assertLess(len(told), 1000)


if __name__ == "__main__":
    unittest.main()
