# SPDX-License-Identifier: BSL-1.0
"""Who the client is behind HAProxy: by the PROXY protocol, and by fields that it adds."""

import json
import socket
import subprocess
import unittest

import clients
import hosts

CLIENT = "127.0.0.9"  # an address of this machine that neither proxy nor host uses


class Haproxy:
    """A running HAProxy before a host. Ends with the test."""

    def __init__(self, test, host, server_options="", backend=""):
        folder = hosts.plugin_folder(test)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
            configuration = folder / "haproxy.cfg"
            configuration.write_text(f"""
defaults
    mode http
    timeout connect 10s
    timeout client 60s
    timeout server 60s
frontend front
    bind fd@{free.fileno()}
    default_backend back
backend back
    {backend}
    server host {host.address}:{host.port} {server_options}
""")
            self.process = subprocess.Popen(
                [hosts.HAPROXY, "-db", "-q", "-f", str(configuration)], stdin=subprocess.DEVNULL,
                pass_fds=[free.fileno()])
        test.addCleanup(self._end)

    def _end(self):
        self.process.terminate()
        self.process.wait(hosts.PATIENCE)


class Proxies(unittest.TestCase):
    def serve(self, *keys):
        """A host with one listener that has these keys, and an access log."""
        folder = hosts.plugin_folder(self, "greeting")
        file = folder / "mortise.toml"
        file.write_text("\n".join([f'plugins = {{directory = "{folder}", all = true}}',
                                   "[[listener]]", 'address = "127.0.0.1:0"', *keys, ""]))
        return hosts.Host(self, "--access-log", "json", config=file)

    def ask(self, port, *options):
        """curl's answer, from CLIENT, through the port."""
        done = subprocess.run(
            ["curl", "-s", "-S", "-i", "--noproxy", "*", "--interface", CLIENT, "--max-time",
             str(hosts.PATIENCE), "--retry", "20", "--retry-connrefused", "--retry-delay", "1",
             *options, f"http://127.0.0.1:{port}/Ada"],
            stdin=subprocess.DEVNULL, capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return clients.parse(done.stdout)

    def lines(self, host):
        """What the access log says of those who have asked for /Ada."""
        host.stop()
        lines = [json.loads(line) for line in host.out.rest() if line.startswith("{")]
        return [line for line in lines if line.get("target") == "/Ada"]

    def assert_greets_as(self, remote, host, port, *options):
        self.assertEqual(self.ask(port, *options).content, b"Hello, Ada!\n")
        self.assertEqual([line["remote"] for line in self.lines(host)], [remote])

    def test_knows_the_client_by_the_header_of_haproxy(self):
        for option in ("send-proxy", "send-proxy-v2"):
            host = self.serve("proxy_protocol = true")
            self.assert_greets_as(CLIENT, host, Haproxy(self, host, option).port)

    def test_lets_haproxy_check_its_health(self):
        """Its checks are no client's: version 2 says LOCAL, version 1 names the proxy itself."""
        for option in ("send-proxy", "send-proxy-v2"):
            host = self.serve("proxy_protocol = true")
            proxy = Haproxy(self, host, f"{option} check inter 100ms", "option httpchk GET /up")
            checked = host.wait_for_line(r'^\{.*"target":"/up"').string
            self.assertEqual((json.loads(checked)["status"], json.loads(checked)["remote"]),
                             (200, "127.0.0.1"))
            self.assert_greets_as(CLIENT, host, proxy.port)

    def test_knows_the_client_by_the_header_of_curl(self):
        host = self.serve("proxy_protocol = true")
        self.assert_greets_as(CLIENT, host, host.port, "--haproxy-protocol")

    def test_knows_the_client_by_the_field_of_haproxy(self):
        host = self.serve('trusted_proxies = ["127.0.0.1"]')
        proxy = Haproxy(self, host, "source 127.0.0.1", "option forwardfor")
        self.assert_greets_as(CLIENT, host, proxy.port, "-H", "X-Forwarded-For: 203.0.113.7")

    def test_believes_no_field_of_strangers(self):
        host = self.serve('trusted_proxies = ["192.0.2.0/24"]')
        self.assert_greets_as(CLIENT, host, host.port, "-H", "X-Forwarded-For: 203.0.113.7",
                              "-H", "Forwarded: for=203.0.113.8")

    def test_believes_the_name_that_a_trusted_proxy_gives_a_request(self):
        for trusted, name in ((CLIENT, "^from-the-proxy$"), ("192.0.2.0/24", "^[0-9a-f]{32}$")):
            host = self.serve(f'trusted_proxies = ["{trusted}"]')
            self.ask(host.port, "-H", "X-Request-Id: from-the-proxy")
            line, = self.lines(host)
            self.assertRegex(line["request_id"], name)

    def test_closes_who_comes_past_the_proxy(self):
        host = self.serve("proxy_protocol = true")
        self.assertTrue(clients.Client(host).send(clients.get()).is_gone())
        host.wait_for_line(r"warning a connection is closed without a sound header of the PROXY "
                           r"protocol peer=127\.0\.0\.1 fault=\"the connection does not begin")
        self.assertEqual(self.lines(host), [])

    def test_keeps_no_connection_that_sends_half_a_header(self):
        host = self.serve("proxy_protocol = true", "", "[deadlines]", 'header = "200ms"')
        self.assertTrue(clients.Client(host).send(b"PROXY TCP4 ").is_gone())


if __name__ == "__main__":
    unittest.main()
