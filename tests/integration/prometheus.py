# SPDX-License-Identifier: BSL-1.0
"""Metrics, read by Prometheus' own parser."""

from prometheus_client import parser

DURATION = "http_server_request_duration_seconds"


class Shown:
    """What was told, by name and labels. Fails where a line is there twice."""

    def __init__(self, test, text):
        self.samples = {}
        self.kinds = {}
        for family in parser.text_string_to_metric_families(text):
            self.kinds[family.name] = family.type
            for sample in family.samples:
                key = (sample.name, frozenset(sample.labels.items()))
                test.assertNotIn(key, self.samples)
                self.samples[key] = sample.value

    def value(self, name, **labels):
        return self.samples[name, frozenset(labels.items())]

    def count(self, plugin, route, method, status):
        return self.value(DURATION + "_count", plugin=plugin, http_route=route,
                          http_request_method=method, http_response_status_class=status)

    def answered(self):
        """How many requests were counted in all."""
        return sum(value for (name, _), value in self.samples.items()
                   if name == DURATION + "_count")
