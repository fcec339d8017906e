// SPDX-License-Identifier: BSL-1.0
// Bringing together the series of each name.
#include "plugin/metrics_text.hpp"

#include "observe/prometheus_text.hpp"
#include "plugin/instance.hpp"
#include "plugin/metric.hpp"

#include <vector>

namespace mortise::plugin {
namespace {

observe::metric_kind kind_of(const metric_description& described) noexcept {
    using enum observe::metric_kind;
    return described.kind == MORTISE_METRIC_COUNTER ? counter
           : described.kind == MORTISE_METRIC_GAUGE ? gauge
                                                    : histogram;
}

void write_series(observe::prometheus_text& to, const metric& of) {
    const auto& described = of.description();
    const auto total = of.read();
    std::vector<observe::metric_label> labels;
    for (const auto& [name, value] : described.labels) {
        labels.push_back({name, value});
    }
    switch (kind_of(described)) {
    case observe::metric_kind::counter:
        return to.line(described.name, labels, total.counts[0]);
    case observe::metric_kind::gauge:
        return to.line(described.name, labels, total.value);
    case observe::metric_kind::histogram:
        return to.histogram(described.name, labels, described.bounds, total.counts, total.value);
    }
}

} // namespace

void write_metrics(observe::prometheus_text& to, std::span<instance* const> instances) {
    for (const auto& instance : instances) {
        std::vector<const metric*> left;
        for (const auto& each : instance->metrics()) {
            left.push_back(each.get());
        }
        while (!left.empty()) { // all series of a name stand together
            const auto& described = left.front()->description();
            to.head(described.name, kind_of(described), described.help);
            std::erase_if(left, [&](const metric* each) {
                const bool is_its = each->description().name == described.name;
                if (is_its) {
                    write_series(to, *each);
                }
                return is_its;
            });
        }
    }
}

} // namespace mortise::plugin
