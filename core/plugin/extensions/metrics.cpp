// SPDX-License-Identifier: BSL-1.0
// Extension "mortise.metrics/1".
#include "plugin/extensions/extensions.hpp"
#include "plugin/instance.hpp"
#include "plugin/metric.hpp"

#include <cmath>
#include <string>

namespace mortise::plugin {
namespace {

std::int32_t add(mortise_instance* of, const mortise_metric_description* description,
                 mortise_metric** made) noexcept {
    if (of == nullptr || description == nullptr || made == nullptr) {
        return MORTISE_E_INVALID;
    }
    return instance::from_abi(of)->add_metric(*description, *made);
}

// The metric, where it is of the kind that `function` is for.
metric* find(mortise_metric* handle, std::uint32_t kind, const char* function) noexcept {
    if (handle == nullptr) {
        return nullptr;
    }
    auto& found = *metric::from_abi(handle);
    if (found.description().kind != kind) {
        found.owner().report_fault(std::string{function} + ": " + found.description().name +
                                   " is a metric of another kind");
        return nullptr;
    }
    return &found;
}

std::int32_t increase(mortise_metric* handle, std::uint64_t by) noexcept {
    auto* const counter = find(handle, MORTISE_METRIC_COUNTER, "increase()");
    if (counter == nullptr) {
        return MORTISE_E_INVALID;
    }
    counter->increase(by);
    return MORTISE_OK;
}

std::int32_t set(mortise_metric* handle, double value) noexcept {
    auto* const gauge = find(handle, MORTISE_METRIC_GAUGE, "set()");
    if (gauge == nullptr) {
        return MORTISE_E_INVALID;
    }
    gauge->set(value);
    return MORTISE_OK;
}

std::int32_t adjust(mortise_metric* handle, double by) noexcept {
    auto* const gauge = find(handle, MORTISE_METRIC_GAUGE, "adjust()");
    if (gauge == nullptr) {
        return MORTISE_E_INVALID;
    }
    gauge->adjust(by);
    return MORTISE_OK;
}

std::int32_t observe(mortise_metric* handle, double value) noexcept {
    auto* const histogram = find(handle, MORTISE_METRIC_HISTOGRAM, "observe()");
    if (histogram == nullptr || std::isnan(value)) {
        return MORTISE_E_INVALID;
    }
    histogram->observe(value);
    return MORTISE_OK;
}

} // namespace

constexpr mortise_metrics metrics_extension{.size = sizeof(mortise_metrics),
                                            .reserved = 0,
                                            .add = add,
                                            .increase = increase,
                                            .set = set,
                                            .adjust = adjust,
                                            .observe = observe};

} // namespace mortise::plugin
