# SPDX-License-Identifier: BSL-1.0
"""The metrics of plugins, as they stand in --metrics-file."""

import pathlib
import tempfile
import unittest

import clients
import hosts

SHOWN = r"""# HELP of_metrics_requests_total what is\\this\nfor
# TYPE of_metrics_requests_total counter
of_metrics_requests_total{from="a \"loop\"\\\n"} 3
of_metrics_requests_total{from="thread"} 6
# HELP of_metrics_level what is\\this\nfor
# TYPE of_metrics_level gauge
of_metrics_level 18.75
# HELP of_metrics_sizes what is\\this\nfor
# TYPE of_metrics_sizes histogram
of_metrics_sizes_bucket{le="1"} 1
of_metrics_sizes_bucket{le="2.5"} 2
of_metrics_sizes_bucket{le="+Inf"} 6
of_metrics_sizes_sum 17
of_metrics_sizes_count 6
"""


class Metrics(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mortise-")
        self.addCleanup(folder.cleanup)
        self.file = pathlib.Path(folder.name) / "mortise.prom"

    def test_of_every_kind_are_shown(self):
        host = hosts.Host(self, "--metrics-file", self.file, plugins=["metrics"])
        for value in ("1", "2", "5"):
            self.assertEqual(clients.parse(clients.curl(host, f"/count/{value}")).status, 200)
        host.stop()
        self.assertTrue(self.file.read_text().endswith(SHOWN))
        told = "\n".join(host.err.all())
        self.assertIn("set(): of_metrics_sizes is a metric of another kind", told)
        self.assertIn("metrics add() was called outside configure, on loop", told)
        self.assertNotIn("was not refused", told)
        self.assertEqual([each.name for each in self.file.parent.iterdir()], ["mortise.prom"])

    def test_are_there_from_the_start(self):
        hosts.Host(self, "--metrics-file", self.file, plugins=["metrics"])
        while not self.file.exists():
            pass
        self.assertIn("of_metrics_level 10\n", self.file.read_text())

    def test_that_break_a_rule_are_refused(self):
        for which, rule in (("n", "not of the form"), ("t", "ends in _total"),
                            ("u", "do not increase"), ("e", "not finite"),
                            ("b", "nothing else has one"), ("l", 'or is "le"'),
                            ("s", "the metric of_metrics_sizes_sum, which cannot be told from "
                                  "of_metrics_sizes of plugin of-metrics"),
                            ("k", "another kind, help, bounds or labels"),
                            ("d", "the metric of_metrics_level, which is refused: it is there with "
                                  "these labels already")):
            folder = hosts.plugin_folder(self, "metrics")
            done = hosts.run_to_end("run", "--plugins", folder, "--listen", "127.0.0.1:0",
                                    "--set", f"of-metrics.which={which}")
            self.assertEqual(done.returncode, 1)
            self.assertIn(rule, done.stderr)

    def test_are_not_those_of_the_host(self):
        folder = hosts.plugin_folder(self, "metrics_of_process")
        done = hosts.run_to_end("run", "--plugins", folder, "--listen", "127.0.0.1:0")
        self.assertEqual(done.returncode, 1)
        self.assertIn("registers the metric process_requests_total, which is refused: metrics of "
                      "the host begin so", done.stderr)

    def test_that_cannot_be_written_are_told_of_and_served_without(self):
        host = hosts.Host(self, "--metrics-file", self.file / "nowhere", plugins=["metrics"])
        host.wait_for_line("error metrics: .*nowhere.new cannot be written: No such file")
        self.assertEqual(clients.parse(clients.curl(host, "/count/1")).status, 200)


if __name__ == "__main__":
    unittest.main()
