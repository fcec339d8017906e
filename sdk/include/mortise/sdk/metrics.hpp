// SPDX-License-Identifier: BSL-1.0
// Counters, gauges and histograms.
#pragma once

#include <mortise/abi/ext/metrics.h>
#include <mortise/sdk/detail/services.hpp>
#include <mortise/sdk/detail/view.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace mortise {
inline namespace sdk_v0 {

// A series: small, and copied freely. Made by metrics, and valid for the life of the plugin's
// object; one that was not made, or whose host has no metrics, does nothing. Each function never
// waits, allocates nothing and may be called on any thread.
class counter {
public:
    counter() = default;
    explicit counter(const mortise_metrics& table, mortise_metric* of) noexcept
        : table_{&table}, of_{of} {}

    void increase(std::uint64_t by = 1) const noexcept {
        if (of_ != nullptr) {
            table_->increase(of_, by);
        }
    }

private:
    const mortise_metrics* table_ = nullptr;
    mortise_metric* of_ = nullptr;
};

class gauge {
public:
    gauge() = default;
    explicit gauge(const mortise_metrics& table, mortise_metric* of) noexcept
        : table_{&table}, of_{of} {}

    void set(double value) const noexcept {
        if (of_ != nullptr) {
            table_->set(of_, value);
        }
    }
    // Adds, or takes away.
    void adjust(double by) const noexcept {
        if (of_ != nullptr) {
            table_->adjust(of_, by);
        }
    }

private:
    const mortise_metrics* table_ = nullptr;
    mortise_metric* of_ = nullptr;
};

class histogram {
public:
    histogram() = default;
    explicit histogram(const mortise_metrics& table, mortise_metric* of) noexcept
        : table_{&table}, of_{of} {}

    void observe(double value) const noexcept {
        if (of_ != nullptr) {
            table_->observe(of_, value);
        }
    }

private:
    const mortise_metrics* table_ = nullptr;
    mortise_metric* of_ = nullptr;
};

// Tells the series of one name apart. Both texts are copied.
struct label {
    std::string_view name;
    std::string_view value;
};

// Given to a plugin's metrics(), on the control thread, before its routes() and filters(), and
// valid until that returns. What can be seen is settled here: a series whose labels come out of
// requests would grow without end. Names are [a-z][a-z0-9_]*, a counter's ends in _total; the host
// puts the plugin's id before them. Each function throws std::invalid_argument where the host
// refuses it.
//
//     void metrics(mortise::metrics& in) {
//         sold_ = in.counter("sold_total", "Pieces sold", {{"kind", "fruit"}});
//         seconds_ = in.histogram("query_seconds", "Time of a query", {0.001, 0.01, 0.1});
//     }
class metrics {
public:
    explicit metrics(const detail::services& services) noexcept : services_{services} {}

    mortise::counter counter(std::string_view name, std::string_view help,
                             std::initializer_list<label> labels = {}) {
        return make<mortise::counter>(MORTISE_METRIC_COUNTER, name, help, labels, {});
    }
    mortise::gauge gauge(std::string_view name, std::string_view help,
                         std::initializer_list<label> labels = {}) {
        return make<mortise::gauge>(MORTISE_METRIC_GAUGE, name, help, labels, {});
    }
    // `bounds` are the upper bounds of its buckets, increasing; one without a bound is added.
    mortise::histogram histogram(std::string_view name, std::string_view help,
                                 std::initializer_list<double> bounds,
                                 std::initializer_list<label> labels = {}) {
        return make<mortise::histogram>(MORTISE_METRIC_HISTOGRAM, name, help, labels,
                                        {bounds.begin(), bounds.size()});
    }

private:
    template <class Series>
    Series make(std::uint32_t kind, std::string_view name, std::string_view help,
                std::initializer_list<label> labels, std::span<const double> bounds) {
        if (services_.metrics == nullptr) {
            return {};
        }
        std::vector<mortise_field> pairs;
        for (const label& each : labels) {
            pairs.push_back({detail::to_abi(each.name), detail::to_abi(each.value)});
        }
        const mortise_metric_description description{
            .size = sizeof description,
            .kind = kind,
            .name = detail::to_abi(name),
            .help = detail::to_abi(help),
            .labels = pairs.data(),
            .bounds = bounds.data(),
            .label_count = static_cast<std::uint32_t>(pairs.size()),
            .bound_count = static_cast<std::uint32_t>(bounds.size())};
        mortise_metric* made = nullptr;
        if (services_.metrics->add(services_.instance, &description, &made) != MORTISE_OK) {
            throw std::invalid_argument{"the host refuses the metric " + std::string{name}};
        }
        return Series{*services_.metrics, made};
    }

    const detail::services& services_;
};

} // namespace sdk_v0
} // namespace mortise
