// SPDX-License-Identifier: BSL-1.0
// The extension metrics.
#pragma once

#include <mortise/abi/ext/metrics.h>
#include <mortise/testing/detail/calls.hpp>
#include <mortise/testing/detail/metric_list.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {
namespace detail {

inline bool is_metric_name(std::string_view text) {
    return !text.empty() && text[0] >= 'a' && text[0] <= 'z' &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == text.npos;
}

// Which rule the labels of a metric break; empty where they break none.
inline std::string rule_broken_by(std::span<const mortise_field> labels) {
    for (std::size_t at = 0; at != labels.size(); ++at) {
        if (!is_sound(labels[at].name) || !is_sound(labels[at].value)) {
            return "the name or the value of a label is null with a size";
        }
        const auto name = from_abi(labels[at].name);
        if (!is_metric_name(name) || name == "le") {
            return "the name of a label is not [a-z][a-z0-9_]*, or is le";
        }
        const auto is_it = [&](const mortise_field& other) { return from_abi(other.name) == name; };
        if (std::ranges::any_of(labels.first(at), is_it)) {
            return "a label is there twice";
        }
    }
    return {};
}

// Which rule a metric breaks by itself; empty where it breaks none.
inline std::string rule_broken_by(const mortise_metric_description* asked) {
    if (asked == nullptr || asked->size < sizeof *asked || asked->kind > MORTISE_METRIC_HISTOGRAM) {
        return "it is null or too small, or its kind is unknown";
    }
    if (!is_sound(asked->name) || !is_metric_name(from_abi(asked->name)) ||
        (asked->kind == MORTISE_METRIC_COUNTER && !from_abi(asked->name).ends_with("_total"))) {
        return "its name is not [a-z][a-z0-9_]*, or that of a counter without _total";
    }
    if (asked->label_count > 8 || asked->bound_count > 32 ||
        (asked->kind == MORTISE_METRIC_HISTOGRAM) == (asked->bound_count == 0)) {
        return "it has more than 8 labels, or bounds where none belong, or none where they do";
    }
    if (!is_sound(asked->help) || (asked->label_count != 0 && asked->labels == nullptr) ||
        (asked->bound_count != 0 && asked->bounds == nullptr)) {
        return "its help, labels or bounds are null with a size";
    }
    for (std::uint32_t at = 0; at != asked->bound_count; ++at) {
        if (!std::isfinite(asked->bounds[at]) ||
            (at != 0 && asked->bounds[at] <= asked->bounds[at - 1])) {
            return "its bounds are not finite and increasing";
        }
    }
    return rule_broken_by(std::span{asked->labels, asked->label_count});
}

// Whether both can be series of one name.
inline bool is_of_one_family(const metric& there, const mortise_metric_description& asked) {
    const auto has_name = [](const auto& label, const mortise_field& other) {
        return label.first == from_abi(other.name);
    };
    return there.kind == asked.kind && there.help == copy(asked.help) &&
           std::ranges::equal(there.bounds, std::span{asked.bounds, asked.bound_count}) &&
           std::ranges::equal(there.labels, std::span{asked.labels, asked.label_count}, has_name);
}

inline std::int32_t add_metric(mortise_instance* of, const mortise_metric_description* asked,
                               mortise_metric** made) noexcept {
    host_core* const host = host_of(of);
    if (host == nullptr || made == nullptr) {
        return MORTISE_E_INVALID;
    }
    auto& self = *instance::from_abi(of);
    if (!host->plays(part::control) || self.phase != phase::configuring) {
        host->faults.add(called(of, "metrics add()") + ": called outside of configure");
        return MORTISE_E_STATE;
    }
    if (const auto rule = rule_broken_by(asked); !rule.empty()) {
        self.refusals.push_back("a metric is refused: " + rule);
        return MORTISE_E_INVALID;
    }
    constexpr std::size_t limit = 1024;
    if (host->metrics.count(&self) == limit) {
        self.refusals.push_back("a metric is refused: the plugin has 1024 already");
        return MORTISE_E_INVALID;
    }
    if (const auto* const other = host->metrics.first(&self, copy(asked->name));
        other != nullptr && !is_of_one_family(*other, *asked)) {
        self.refusals.push_back("the metric " + other->name +
                                " is there with another kind, help, bounds or labels");
        return MORTISE_E_INVALID;
    }
    auto& added = host->metrics.add(*host, &self, self.id, *asked);
    if (host->metrics.find(&self, added.name, added.labels) != &added) {
        self.refusals.push_back("the metric " + added.name + " is there with these labels already");
        return MORTISE_E_INVALID;
    }
    *made = added.to_abi();
    return MORTISE_OK;
}

template <std::uint32_t Kind, class Change>
std::int32_t change_metric(mortise_metric* of, const char* function, Change change) noexcept {
    if (of == nullptr) {
        return MORTISE_E_INVALID;
    }
    metric& self = *metric::from_abi(of);
    if (self.kind != Kind) {
        self.on.faults.add(self.id + ": " + function + ": " + self.name + " is of another kind");
        return MORTISE_E_INVALID;
    }
    const std::lock_guard lock{self.mutex};
    change(self);
    return MORTISE_OK;
}

inline std::int32_t increase_metric(mortise_metric* of, std::uint64_t by) noexcept {
    return change_metric<MORTISE_METRIC_COUNTER>(
        of, "increase()", [by](metric& self) { self.value += static_cast<double>(by); });
}
inline std::int32_t set_metric(mortise_metric* of, double value) noexcept {
    return change_metric<MORTISE_METRIC_GAUGE>(of, "set()",
                                               [value](metric& self) { self.value = value; });
}
inline std::int32_t adjust_metric(mortise_metric* of, double by) noexcept {
    return change_metric<MORTISE_METRIC_GAUGE>(of, "adjust()",
                                               [by](metric& self) { self.value += by; });
}
inline std::int32_t observe_metric(mortise_metric* of, double value) noexcept {
    if (std::isnan(value)) {
        return MORTISE_E_INVALID;
    }
    return change_metric<MORTISE_METRIC_HISTOGRAM>(of, "observe()", [value](metric& self) {
        self.value += value;
        ++self.observed;
    });
}

inline constexpr mortise_metrics metrics_table{.size = sizeof(mortise_metrics),
                                               .reserved = 0,
                                               .add = add_metric,
                                               .increase = increase_metric,
                                               .set = set_metric,
                                               .adjust = adjust_metric,
                                               .observe = observe_metric};

} // namespace detail
} // namespace testing
} // namespace sdk_v0
} // namespace mortise
