// SPDX-License-Identifier: BSL-1.0
// The metrics of a testing host.
#pragma once

#include <mortise/abi/ext/metrics.h>
#include <mortise/testing/detail/stage.hpp>
#include <mortise/testing/log_line.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {
namespace detail {

// What a mortise_metric* points to. Any thread.
struct metric {
    stage& on;
    const void* owner;
    const std::string id; // of its plugin
    const std::uint32_t kind;
    const std::string name;
    const std::string help;
    const field_lines labels;
    const std::vector<double> bounds;
    std::mutex mutex;
    double value = 0;           // of a counter or gauge; of a histogram, the sum
    std::uint64_t observed = 0; // values, of a histogram

    mortise_metric* to_abi() noexcept { return reinterpret_cast<mortise_metric*>(this); }
    static metric* from_abi(mortise_metric* of) noexcept { return reinterpret_cast<metric*>(of); }
};

// Kept until the host ends, so that a late call is seen. Added to on the test's thread.
class metric_list {
public:
    metric& add(stage& on, const void* owner, std::string id,
                const mortise_metric_description& asked) {
        field_lines labels;
        for (std::uint32_t at = 0; at != asked.label_count; ++at) {
            labels.emplace_back(copy(asked.labels[at].name), copy(asked.labels[at].value));
        }
        return all_.emplace_back(
            on, owner, std::move(id), asked.kind, copy(asked.name), copy(asked.help),
            std::move(labels), std::vector<double>(asked.bounds, asked.bounds + asked.bound_count));
    }
    std::size_t count(const void* owner) const {
        const auto is_its = [=](const metric& each) { return each.owner == owner; };
        return static_cast<std::size_t>(std::ranges::count_if(all_, is_its));
    }
    // Null: the plugin has none with this name and these labels.
    metric* find(const void* owner, const std::string& name, const field_lines& labels) {
        const auto found = std::ranges::find_if(all_, [&](const metric& each) {
            return each.owner == owner && each.name == name && each.labels == labels;
        });
        return found != all_.end() ? &*found : nullptr;
    }
    // Null: the plugin has none with this name.
    const metric* first(const void* owner, const std::string& name) const {
        const auto found = std::ranges::find_if(
            all_, [&](const metric& each) { return each.owner == owner && each.name == name; });
        return found != all_.end() ? &*found : nullptr;
    }

private:
    std::deque<metric> all_;
};

} // namespace detail
} // namespace testing
} // namespace sdk_v0
} // namespace mortise
