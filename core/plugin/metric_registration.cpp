// SPDX-License-Identifier: BSL-1.0
// The rules of metrics: those of Prometheus' text format, and bounds for what can be seen.
#include "plugin/metric_registration.hpp"

#include "plugin/view.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

namespace mortise::plugin {
namespace {

constexpr std::size_t max_series = 1024; // of a plugin
constexpr std::size_t max_text = 1024;   // bytes of a name, a help or a value
constexpr std::uint32_t max_labels = 8;
constexpr std::uint32_t max_bounds = 32;

bool is_name(std::string_view text) noexcept {
    const auto is_part = [](char octet) {
        return (octet >= 'a' && octet <= 'z') || (octet >= '0' && octet <= '9') || octet == '_';
    };
    return !text.empty() && text.front() >= 'a' && text.front() <= 'z' &&
           std::ranges::all_of(text, is_part);
}

// Whether the host's own metrics may have such a name, now or later.
bool is_of_host(std::string_view name) noexcept {
    constexpr std::array<std::string_view, 3> beginnings{"http_server_", "mortise_", "process_"};
    return std::ranges::any_of(beginnings, [&](auto each) { return name.starts_with(each); });
}

bool is_short(mortise_view view) noexcept {
    return is_sound(view) && view.size <= max_text;
}

std::string_view fault_of_labels(std::span<const mortise_field> labels) noexcept {
    for (const mortise_field& each : labels) {
        if (!is_short(each.name) || !is_short(each.value)) {
            return "the name or the value of a label is null with a size, or too long";
        }
        if (!is_name(from_abi(each.name)) || from_abi(each.name) == "le") {
            return "the name of a label is not of the form [a-z][a-z0-9_]*, or is \"le\"";
        }
        const auto is_its = [&](const mortise_field& other) {
            return from_abi(other.name) == from_abi(each.name);
        };
        if (std::ranges::count_if(labels, is_its) != 1) {
            return "a label is there twice";
        }
    }
    return {};
}

std::string_view fault_of_bounds(std::span<const double> bounds) noexcept {
    if (!std::ranges::all_of(bounds, [](double each) { return std::isfinite(each); })) {
        return "a bound is not finite";
    }
    if (std::ranges::adjacent_find(bounds, std::ranges::greater_equal{}) != bounds.end()) {
        return "the bounds do not increase";
    }
    return {};
}

// Which rule `asked` breaks by itself, in constant text; empty: none.
std::string_view fault_of(const mortise_metric_description& asked) noexcept {
    if (asked.size < sizeof asked) {
        return "its size is smaller than mortise_metric_description";
    }
    if (asked.kind > MORTISE_METRIC_HISTOGRAM) {
        return "its kind is none that this host knows";
    }
    if (!is_short(asked.name) || !is_name(from_abi(asked.name))) {
        return "its name is not of the form [a-z][a-z0-9_]*";
    }
    if (asked.kind == MORTISE_METRIC_COUNTER && !from_abi(asked.name).ends_with("_total")) {
        return "the name of a counter ends in _total";
    }
    if (!is_short(asked.help)) {
        return "its help is null with a size, or too long";
    }
    if (asked.label_count > max_labels || (asked.label_count != 0 && asked.labels == nullptr)) {
        return "its labels are null, or more than 8";
    }
    const bool is_histogram = asked.kind == MORTISE_METRIC_HISTOGRAM;
    if (is_histogram
            ? asked.bound_count == 0 || asked.bound_count > max_bounds || asked.bounds == nullptr
            : asked.bound_count != 0) {
        return "a histogram has 1 to 32 bounds, and nothing else has one";
    }
    if (const auto fault = fault_of_labels({asked.labels, asked.label_count}); !fault.empty()) {
        return fault;
    }
    return fault_of_bounds({asked.bounds, asked.bound_count});
}

metric_description copy(const mortise_metric_description& asked, std::string_view id) {
    metric_description made{.kind = asked.kind,
                            .name = std::string{id} + "_" + std::string{from_abi(asked.name)},
                            .help = std::string{from_abi(asked.help)},
                            .labels = {},
                            .bounds = {}};
    std::ranges::replace(made.name, '-', '_');
    for (std::uint32_t at = 0; at < asked.label_count; ++at) {
        made.labels.emplace_back(from_abi(asked.labels[at].name), from_abi(asked.labels[at].value));
    }
    if (asked.bound_count != 0) {
        made.bounds.assign(asked.bounds, asked.bounds + asked.bound_count);
    }
    return made;
}

} // namespace

judged<metric_description> copy_metric(const mortise_metric_description& asked, std::string_view id,
                                       std::span<const std::unique_ptr<metric>> others) {
    const auto refusal = [](const std::string& which, std::string_view rule) {
        return fault{"registers " + which + ", which is refused: " + std::string{rule},
                     "correct the metric in its sources"};
    };
    if (const auto rule = fault_of(asked); !rule.empty()) {
        return refusal("a metric", rule);
    }
    if (others.size() == max_series) {
        return refusal("a metric", "the plugin has 1024 already");
    }
    auto made = copy(asked, id);
    if (is_of_host(made.name)) {
        return refusal("the metric " + made.name, "metrics of the host begin so");
    }
    for (const auto& other : others) {
        const auto& there = other->description();
        if (there.name != made.name) {
            continue;
        }
        if (!there.is_of_one_family(made)) {
            return refusal("the metric " + made.name,
                           "it is there with another kind, help, bounds or labels");
        }
        if (there.labels == made.labels) {
            return refusal("the metric " + made.name, "it is there with these labels already");
        }
    }
    return made;
}

} // namespace mortise::plugin
