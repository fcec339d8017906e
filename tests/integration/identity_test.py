# SPDX-License-Identifier: BSL-1.0
"""By what requests are known, as plugins are told: the same as the access log writes."""

import collections
import json
import re
import unittest

import clients
import hosts

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
FIELDS = ("X-Request-Id: from-the-proxy", f"traceparent: {TRACE}",
          "X-Forwarded-For: 203.0.113.7, 2001:db8::9")
MADE = "^[0-9a-f]{32}$"

Told = collections.namedtuple("Told", "request_id traceparent trace_id parent_id recorded client")


class Identity(unittest.TestCase):
    def serve(self, *keys, trusted="127.0.0.0/8", options=("--access-log", "json")):
        folder = hosts.plugin_folder(self, "identities")
        file = folder / "mortise.toml"
        file.write_text("\n".join([
            f'plugins = {{directory = "{folder}", all = true, filters = ["named"]}}',
            "[[listener]]", 'address = "127.0.0.1:0"', f'trusted_proxies = ["{trusted}"]', *keys,
            ""]))
        self.host = hosts.Host(self, *options, config=file)

    def ask(self, path, *fields):
        """What the plugin was told, and what its filter says behind it."""
        answer = clients.Client(self.host).send(clients.get(path, *fields)).answer()
        self.assertEqual(answer.status, 200, answer.content)
        told = Told(*answer.content.decode().split(","))
        self.assertEqual(answer.fields["x-request-id"], told.request_id)
        return told

    def lines(self):
        """What the access log says, by target."""
        self.host.stop()
        lines = [json.loads(line) for line in self.host.out.rest() if line.startswith("{")]
        return {line["target"]: line for line in lines}

    def assert_are_those_of_the_access_log(self, told):
        lines = self.lines()
        for path, each in told.items():
            line = lines[path]
            self.assertEqual((line["request_id"], line.get("trace_id", ""), line["remote"]),
                             (each.request_id, each.trace_id, each.client), path)

    def test_is_what_a_trusted_proxy_says(self):
        self.serve()
        told = {path: self.ask(path, *FIELDS) for path in ("/plain", "/waits", "/blocks")}
        for each in told.values():
            self.assertEqual(each, Told("from-the-proxy", TRACE, TRACE[3:35], TRACE[36:52],
                                        "recorded", "2001:db8::9"))
        self.assert_are_those_of_the_access_log(told)

    def test_is_made_for_strangers_but_for_the_trace(self):
        self.serve(trusted="192.0.2.0/24")
        told = {path: self.ask(path, *FIELDS) for path in ("/plain", "/waits", "/blocks")}
        for each in told.values():
            self.assertRegex(each.request_id, MADE)
            self.assertEqual((each.traceparent, each.client), (TRACE, "127.0.0.1"))
        self.assertEqual(len({each.request_id for each in told.values()}), 3)
        self.assert_are_those_of_the_access_log(told)

    def test_is_the_same_without_an_access_log(self):
        self.serve(options=())
        self.assertEqual(self.ask("/waits", *FIELDS).request_id, "from-the-proxy")
        self.assertRegex(self.ask("/plain").request_id, MADE)

    def test_has_no_trace_that_breaks_a_rule(self):
        self.serve()
        for field in ("Accept: */*", f"traceparent: {TRACE.upper()}", f"traceparent: {TRACE}-more",
                      f"traceparent: {TRACE}\r\ntraceparent: {TRACE}"):
            told = self.ask("/plain", field)
            self.assertEqual(told[1:5], ("", "", "", ""), field)
        self.assertEqual(self.ask("/plain", f"traceparent: cc{TRACE[2:53]}fd-more").traceparent,
                         TRACE)

    def test_is_the_client_that_the_proxy_protocol_names(self):
        self.serve("proxy_protocol = true", trusted="192.0.2.0/24")
        client = clients.Client(self.host)
        client.send(b"PROXY TCP6 2001:db8::1 2001:db8::2 12345 443\r\n")
        answer = client.send(clients.get("/waits", *FIELDS)).answer()
        self.assertEqual(Told(*answer.content.decode().split(",")).client, "2001:db8::1")

    def test_is_told_on_a_unix_socket(self):
        folder = hosts.plugin_folder(self, "identities")
        file = folder / "mortise.toml"
        file.write_text(f'''plugins = {{directory = "{folder}", all = true}}
[[listener]]
address = "unix:{folder}/http"
''')
        hosts.Host(self, config=file)
        done = hosts.subprocess.run(
            ["curl", "-sS", "--max-time", str(hosts.PATIENCE), "--unix-socket", folder / "http",
             "http://localhost/plain"], capture_output=True, text=True, check=True)
        self.assertEqual(Told(*done.stdout.split(",")).client, "unix")

    def test_is_told_when_the_client_has_left(self):
        for options in (("--access-log", "json"), ()):
            self.serve(options=options)
            client = clients.Client(self.host).send(clients.get("/leaves", *FIELDS))
            self.host.wait_for_line("info it waits plugin=identities")
            client.reset()
            self.host.wait_for_line(
                "the client has left plugin=identities id=from-the-proxy "
                f"client=2001:db8::9 trace={re.escape(TRACE)} exchange=[0-9a-f]+ "
                "request_id=from-the-proxy$")
        self.serve(trusted="192.0.2.0/24")
        client = clients.Client(self.host).send(clients.get("/leaves", *FIELDS))
        self.host.wait_for_line("info it waits plugin=identities")
        client.reset()
        said = self.host.wait_for_line("the client has left .* id=([0-9a-f]{32}) client=127.0.0.1 .*"
                                       r"request_id=(\S+)$")
        line = self.lines()["/leaves"]
        self.assertEqual((said[1], said[2], line["status"]), (line["request_id"],) * 2 + (499,))

    def test_names_the_request_in_each_line_of_the_plugin(self):
        self.serve(trusted="192.0.2.0/24")
        client = clients.Client(self.host).send(clients.get("/leaves"))
        said = self.host.wait_for_line(r"it waits plugin=identities exchange=\S+ request_id=(\S+)$")
        client.reset()
        self.host.wait_for_line("the client has left")
        self.assertEqual(self.lines()["/leaves"]["request_id"], said[1])

    def test_is_not_asked_for_on_the_pool(self):
        self.serve()
        answer = clients.Client(self.host).send(clients.get("/blocks-and-asks")).answer()
        self.assertEqual(answer.status, 500)
        self.host.wait_for_line(r"error 1\.0\.0: identity of_exchange\(\): called on a thread that is "
                                "not the exchange's loop: the worker pool")
        self.host.wait_for_line("a blocking handler takes it as its second parameter")


if __name__ == "__main__":
    unittest.main()
