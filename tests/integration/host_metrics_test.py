# SPDX-License-Identifier: BSL-1.0
"""The host's own metrics, read as Prometheus reads them."""

import pathlib
import re
import signal
import subprocess
import tempfile
import unittest

import clients
import generations
import hosts
from prometheus import DURATION, Shown

BOUNDS = ["0.005", "0.01", "0.025", "0.05", "0.075", "0.1", "0.25", "0.5", "0.75", "1", "2.5",
          "5", "7.5", "10", "+Inf"]


class HostMetrics(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mortise-")
        self.addCleanup(folder.cleanup)
        self.file = pathlib.Path(folder.name) / "mortise.prom"
        self.control = pathlib.Path(folder.name) / "control.sock"

    def serve(self, *options, **more):
        return hosts.Host(self, "--metrics-file", self.file, *options, **more)

    def shown_at_start(self, host):
        host.wait_until(self.file.exists)
        return Shown(self, self.file.read_text())

    def shown_by_admin(self):
        done = subprocess.run(["curl", "-sS", "--fail", "--unix-socket", self.control,
                               "http://localhost/metrics"], capture_output=True, text=True,
                              check=True)
        return Shown(self, done.stdout)

    def shown_at_end(self, host):
        host.stop()
        return Shown(self, self.file.read_text())

    def test_count_what_came_of_requests(self):
        host = self.serve()
        client = clients.Client(host)
        client.send(clients.get() * 3 + clients.get(method="HEAD")).answer()
        for _ in range(2):
            client.answer()
        client.answer(method="HEAD")
        client.send(clients.get("/no/such")).answer()
        client.send(clients.get(method="PUT")).answer()
        client.send(b"BREW / HTTP/1.1\r\nHost: a\r\n\r\n").answer()
        shown = self.shown_at_end(host)
        self.assertEqual(shown.count("greeting", "/{name}", "GET", "2xx"), 3)
        self.assertEqual(shown.count("greeting", "/{name}", "HEAD", "2xx"), 1)
        self.assertEqual(shown.count("", "", "GET", "4xx"), 1)
        self.assertEqual(shown.count("", "", "PUT", "4xx"), 1)
        self.assertEqual(shown.count("", "", "_OTHER", "5xx"), 1)
        self.assertEqual(shown.value("mortise_requests_refused_total"), 1)
        self.assertEqual(shown.answered(), 7)
        self.assertEqual(shown.value("http_server_active_requests"), 0)
        self.assertEqual(shown.value("http_server_open_connections"), 0)
        self.assertEqual(shown.value("mortise_connections_accepted_total"), 1)

    def test_are_of_the_kinds_and_buckets_that_are_told(self):
        shown = self.shown_at_start(self.serve("--workers", "2", "--access-log", "json"))
        bounds = [dict(labels)["le"] for name, labels in shown.samples
                  if name == DURATION + "_bucket" and
                  {("plugin", "greeting"), ("http_route", "/{name}"),
                   ("http_request_method", "GET"),
                   ("http_response_status_class", "aborted")} <= labels]
        self.assertEqual([str(float(bound)) for bound in bounds],
                         [str(float(bound)) for bound in BOUNDS])
        self.assertEqual(shown.kinds[DURATION], "histogram")
        for name in ("process_cpu_seconds", "mortise_connections_accepted",
                     "mortise_requests_refused", "mortise_access_log_dropped",
                     "mortise_loop_busy_seconds", "mortise_plugin_loop_seconds",
                     "mortise_plugin_faults", "mortise_plugin_requests_turned_away",
                     "mortise_plugin_pool_refused", "mortise_plugin_log_lines_left_out",
                     "mortise_proxy_headers_refused"):
            self.assertEqual(shown.kinds[name], "counter", name)
        version = hosts.run_to_end("--version").stdout.split()[1]
        self.assertEqual(shown.value("mortise_build_info", version=version), 1)
        self.assertGreater(shown.value("process_resident_memory_bytes"), 1e6)
        self.assertGreater(shown.value("process_open_fds"), 3)
        self.assertGreater(shown.value("process_start_time_seconds"), 1.6e9)
        self.assertEqual(shown.value("mortise_access_log_dropped_total"), 0)
        for loop in ("0", "1"):
            self.assertGreater(shown.value("mortise_loop_busy_seconds_total", loop=loop), 0)

    def test_have_no_series_that_a_client_made(self):
        host = self.serve("--control", self.control)
        before = self.shown_by_admin()
        client = clients.Client(host)
        for first in range(0, 10_000, 100):
            numbers = range(first, first + 100)
            client.send(b"".join(
                f"GET /{number}/x HTTP/1.1\r\nHost: h{number}\r\n\r\n"
                f"PROPFIND /{number} HTTP/1.1\r\nHost: h{number}\r\n\r\n"
                f"GET /{number} HTTP/1.1\r\nHost: h{number}\r\n\r\n".encode()
                for number in numbers))
            for _ in range(3 * len(numbers)):
                client.answer()
        for number in range(300):  # a refused method ends its connection
            other = clients.Client(host)
            other.send(f"M{number} / HTTP/1.1\r\nHost: h\r\n\r\n".encode())
            self.assertEqual(other.answer().status, 501)
            other.close()
        after = self.shown_by_admin()
        self.assertEqual(after.answered(), 30_300)
        self.assertEqual(after.samples.keys(), before.samples.keys())
        self.assertEqual(self.shown_at_end(host).samples.keys(), before.samples.keys())

    def test_go_on_where_a_plugin_is_replaced(self):
        folder = hosts.plugin_folder(self)
        generations.write(folder, 1)
        host = self.serve("--no-watch", folder=folder)
        client = clients.Client(host)
        for number in range(1, 4):
            client.send(clients.get("/now") * 10)
            for _ in range(10):
                self.assertEqual(client.answer().content, b"generation %06d\n" % number)
            generations.write(folder, number + 1)
            host.signal(signal.SIGHUP)
            host.wait_for_line(rf"plugin loaded id=generations .*generation={number + 1} ")
        shown = self.shown_at_end(host)
        self.assertEqual(shown.count("generations", "/now", "GET", "2xx"), 30)
        held = shown.value("mortise_plugin_loop_seconds_total", plugin="generations", route="/now")
        self.assertGreater(held, 0)

    def test_count_faults_and_requests_that_were_turned_away(self):
        host = self.serve("--quarantine-faults", "2", plugins=["replies_nothing"])
        statuses = [clients.parse(clients.curl(host, "/fault")).status for _ in range(5)]
        self.assertEqual(statuses, [500, 500, 503, 503, 503])
        shown = self.shown_at_end(host)
        plugin = {label for (name, labels) in shown.samples for label in labels
                  if name == "mortise_plugin_faults_total"}
        (_, plugin), = plugin
        self.assertEqual(shown.value("mortise_plugin_faults_total", plugin=plugin), 2)
        self.assertEqual(
            shown.value("mortise_plugin_requests_turned_away_total", plugin=plugin), 3)

    def test_count_work_that_the_pool_refused(self):
        for options in (("--pool-threads", "1", "--pool-queue", "1"), ("--limit", "limited.pool=2")):
            host = self.serve(*options, plugins=["limited", "greeting"])
            waiting = [clients.Client(host).send(clients.get("/block/a"))]
            host.wait_until(lambda: b"1\n" in clients.curl(host, "/begun"))
            waiting += [clients.Client(host).send(clients.get("/block/a")) for _ in range(3)]
            for _ in range(2):  # of the three there is room for one
                refused = clients.first_with_answer(waiting)
                self.assertEqual(refused.answer().status, 503)
                waiting.remove(refused)
            clients.curl(host, "/release")
            self.assertEqual([each.answer().status for each in waiting], [200, 200])
            shown = self.shown_at_end(host)
            self.assertEqual(shown.value("mortise_plugin_pool_refused_total", plugin="limited"), 2)
            self.assertEqual(shown.value("mortise_plugin_pool_refused_total", plugin="greeting"), 0)

    def test_count_lines_that_the_access_log_could_not_take(self):
        host = self.serve("--workers", "2", "--control", self.control, "--access-log", "json",
                          "--access-log-file", "/dev/full")
        for number in range(7):
            clients.curl(host, f"/{number}")
        dropped = "mortise_access_log_dropped_total"
        host.wait_until(lambda: self.shown_by_admin().value(dropped) == 7)
        host.stop()
        told = "\n".join(host.err.rest())
        self.assertEqual(sum(map(int, re.findall("access log lines were dropped count=(\\d+)", told))),
                         7)

    def test_count_lines_that_a_plugin_wrote_beyond_its_limit(self):
        host = self.serve("--limit", "limited.log=1", plugins=["limited"])
        client = clients.Client(host)
        client.send(clients.get("/log") * 20)
        for _ in range(20):
            self.assertEqual(client.answer().status, 200)
        shown = self.shown_at_end(host)
        written = sum("asked to log" in line for line in host.err.rest())
        left_out = shown.value("mortise_plugin_log_lines_left_out_total", plugin="limited")
        self.assertGreater(left_out, 0)
        self.assertEqual(written + left_out, 20)

    def test_count_connections_without_the_header_of_the_proxy_protocol(self):
        folder = hosts.plugin_folder(self, "greeting")
        file = folder / "mortise.toml"
        file.write_text(f'''plugins = {{directory = "{folder}", all = true}}
[[listener]]
address = "127.0.0.1:0"
proxy_protocol = true
''')
        host = self.serve(config=file)
        for begin in (b"", b"PROXY nonsense\r\n"):
            self.assertTrue(clients.Client(host).send(begin + clients.get()).is_gone())
        sound = clients.Client(host).send(b"PROXY TCP4 192.0.2.1 192.0.2.2 1234 80\r\n" + clients.get())
        self.assertEqual(sound.answer().status, 200)
        shown = self.shown_at_end(host)
        self.assertEqual(shown.value("mortise_proxy_headers_refused_total"), 2)
        self.assertEqual(shown.answered(), 1)

    def test_tell_how_many_descriptors_may_be_open(self):
        host = self.serve(under=["prlimit", "--nofile=777:1000"])
        self.assertEqual(self.shown_at_end(host).value("process_max_fds"), 777)

    def test_count_no_requests_where_that_is_switched_off(self):
        host = self.serve("--no-metrics", plugins=["metrics"])
        clients.curl(host, "/count/1")
        shown = self.shown_at_end(host)
        self.assertFalse([name for name, _ in shown.samples if name.startswith("http_server")])
        self.assertEqual(shown.value("of_metrics_requests_total", **{"from": 'a "loop"\\\n'}), 1)


if __name__ == "__main__":
    unittest.main()
