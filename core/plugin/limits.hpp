// SPDX-License-Identifier: BSL-1.0
// What an operator lets one plugin have of the host.
#pragma once

#include "base/clock.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace mortise::plugin {

// Of one plugin at a time, over all loops. Zero: as much as there is.
struct limits {
    std::uint32_t requests = 0; // in flight, on routes and in filters that may wait; more: 503
    std::uint32_t pool = 0;     // pieces of work on the worker pool, queued ones too; more: E_BUSY
    base::milliseconds time{0}; // from a request to the answer of a route that may wait; then 504
    std::size_t memory = 0;     // bytes of the heap that one request takes; more: none is given
    std::uint32_t log = 0;      // lines a second in the log; more are left out. Zero: default_log

    static constexpr std::uint32_t default_log = 1000;

    bool operator==(const limits&) const = default;
};

// By plugin id; "*" is for what a plugin has none of its own for.
using limit_table = std::map<std::string, limits, std::less<>>;
limits limits_of(const limit_table& table, std::string_view id);

// How many there are of what has a limit. [any]
class bounded_count {
public:
    // One more; false: there are `limit` already, which is not zero.
    bool take(std::uint32_t limit) noexcept {
        if (count_.fetch_add(1, std::memory_order_relaxed) < limit || limit == 0) {
            return true;
        }
        give_back();
        return false;
    }
    void give_back() noexcept { count_.fetch_sub(1, std::memory_order_relaxed); }

private:
    std::atomic<std::uint32_t> count_{0};
};

} // namespace mortise::plugin
