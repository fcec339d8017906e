# SPDX-License-Identifier: BSL-1.0
"""The alerting rules look at metrics that a host has, fire when they should, and are told of in the pages."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import pages

BUILD = pathlib.Path(os.environ["MORTISE_BUILD"])
RULES = pages.TREE / "packaging/prometheus/mortise.rules.yml"
CASES = pages.TREE / "tests/docs/mortise.rules.test.yml"
PROMTOOL = shutil.which("promtool")
PATIENCE = 120  # seconds; only a fault waits so long

SERIES = re.compile(r"\b(up|(?:http_server|mortise|process)_\w+)\s*(?:\{([^}]*)\})?")
GROUPS = re.compile(r"\b(?:by|without) \(([^)]*)\)")
OF_PROMETHEUS = {"job", "instance"}  # which it adds by itself


def rules():
    """The rule of each alert, as its lines."""
    return dict(re.findall(r"^ +- alert: (\w+)\n(.*?)(?=^ +- alert: |\Z)", RULES.read_text(),
                           flags=re.DOTALL | re.MULTILINE))


def expression(rule):
    return re.search(r"^ +expr: (?:>-)?(.*?)(?=^ +(?:for|labels): )", rule,
                     flags=re.DOTALL | re.MULTILINE)[1]


def exported(test):
    """The labels of each metric of a host that has an access log."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="alerting-"))
    test.addCleanup(shutil.rmtree, folder)
    (folder / "plugins").mkdir(mode=0o755)
    shutil.copyfile(BUILD / "plugins/greeting.so", folder / "plugins/greeting.so")
    (folder / "plugins/greeting.so").chmod(0o644)
    host = subprocess.Popen([BUILD / "bin/mortise", "run", "--listen", "127.0.0.1:0", "--plugins",
                             folder / "plugins", "--control", folder / "control.sock",
                             "--access-log", "json", "--access-log-file", folder / "access"],
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    test.addCleanup(host.communicate)
    test.addCleanup(host.terminate)
    test.assertTrue(host.stdout.readline().startswith("Server started at "))
    text = subprocess.run(["curl", "-sS", "--fail", "--max-time", str(PATIENCE), "--unix-socket",
                           folder / "control.sock", "http://localhost/metrics"],
                          capture_output=True, text=True, check=True).stdout
    metrics = {}
    for name, labels in re.findall(r"^(\w+)(?:\{(.*)\})? \S+$", text, flags=re.MULTILINE):
        metrics.setdefault(name, set()).update(re.findall(r'(\w+)="', labels))
    return metrics


class Rules(unittest.TestCase):
    def test_look_at_metrics_and_labels_that_a_host_has(self):
        known = {"up": set(), **exported(self)}
        self.assertGreater(len(rules()), 10, "the rules have another form now")
        for alert, rule in rules().items():
            asked = expression(rule)
            named = SERIES.findall(asked)
            with self.subTest(alert):
                self.assertTrue(named)
                labels = set(OF_PROMETHEUS)
                for name, matchers in named:
                    self.assertIn(name, known)
                    labels |= known[name]
                    self.assertLessEqual(set(re.findall(r"(\w+)[!=]", matchers)),
                                         known[name] | OF_PROMETHEUS)
                grouped = re.findall(r"\w+", " ".join(GROUPS.findall(asked)))
                self.assertLessEqual(set(grouped), labels)

    def test_tell_labels_that_they_keep(self):
        """A summary with a label that a `by` has taken away would be empty in its place."""
        for alert, rule in rules().items():
            kept = re.findall(r"\bby \(([^)]*)\)", expression(rule))
            told = set(re.findall(r"\$labels\.(\w+)", rule))
            with self.subTest(alert):
                if kept:
                    self.assertLessEqual(told, set(re.findall(r"\w+", kept[0])))

    def test_stand_in_the_page_each_with_its_symptom(self):
        page = pages.TREE / "docs/operations.md"
        told = {cells[0].strip("`"): cells for cells in pages.table_rows(page)
                if re.fullmatch(r"`Mortise\w+`", cells[0])}
        self.assertEqual(sorted(told), sorted(rules()))
        symptoms = list(pages.anchors(pages.TREE / "docs/symptoms.md"))
        for alert, rule in rules().items():
            path, anchor = re.search(r"^ +runbook: (\S+)#(\S+)$", rule, flags=re.MULTILINE).groups()
            with self.subTest(alert):
                self.assertEqual(path, "docs/symptoms.md")
                self.assertIn(anchor, symptoms)
                self.assertIn(f"(symptoms.md#{anchor})", told[alert][2])
                severity = re.search(r"severity: (\w+)", rule)[1]
                self.assertTrue(told[alert][1].startswith(severity + ": "), told[alert][1])

    def test_are_shown_as_they_are(self):
        for block in pages.fenced(pages.TREE / "docs/operations.md", "yaml"):
            if block.startswith("- alert: "):
                shown = "".join(f"      {line}\n" for line in block.splitlines())
                self.assertIn(shown, RULES.read_text())
                return
        self.fail("the page shows no rule")

    def test_have_a_series_for_which_each_fires_and_one_for_which_it_does_not(self):
        cases = re.split(r"^  - name: ", CASES.read_text(), flags=re.MULTILINE)[1:]
        fires, is_silent = set(), set()
        for case in cases:
            alert = re.search(r"alertname: (\w+)", case)[1]
            self.assertIn("series: ", case)
            (is_silent if "exp_alerts: []" in case else fires).add(alert)
        self.assertEqual(fires, set(rules()))
        self.assertEqual(is_silent, set(rules()))


@unittest.skipUnless(PROMTOOL, "promtool (Debian's prometheus) is not there; ./dev test --all installs it")
class Promtool(unittest.TestCase):
    def run_in(self, folder, *arguments):
        return subprocess.run([PROMTOOL, *arguments], cwd=folder, timeout=PATIENCE, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)

    def test_accepts_the_rules(self):
        done = self.run_in(RULES.parent, "check", "rules", RULES.name)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn(f"SUCCESS: {len(rules())} rules found", done.stdout)

    def test_sees_each_alert_fire_and_be_silent(self):
        with tempfile.TemporaryDirectory(prefix="alerting-") as folder:
            for file in (RULES, CASES):
                shutil.copy(file, folder)
            done = self.run_in(folder, "test", "rules", CASES.name)
        self.assertEqual(done.returncode, 0, done.stdout)


if __name__ == "__main__":
    unittest.main()
