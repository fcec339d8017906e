// SPDX-License-Identifier: BSL-1.0
// Counting lines and faults by the second; two threads at the turn of one may let a line more
// through.
#include "plugin/fault_rate.hpp"

namespace mortise::plugin {

line_rate::verdict line_rate::count(std::int64_t second) noexcept {
    if (second_.exchange(second, std::memory_order_relaxed) != second) {
        seen_.store(0, std::memory_order_relaxed);
    }
    if (seen_.fetch_add(1, std::memory_order_relaxed) >= lines_a_second_) {
        left_out_.fetch_add(1, std::memory_order_relaxed);
        return {false, 0};
    }
    return {true, left_out_.exchange(0, std::memory_order_relaxed)};
}

bool fault_budget::spend(std::chrono::seconds now, std::uint32_t faults) noexcept {
    auto since = since_.load(std::memory_order_relaxed);
    if (since == std::chrono::seconds::min() || now - since > within_) {
        since_.store(now, std::memory_order_relaxed);
        count_.store(0, std::memory_order_relaxed);
    }
    return count_.fetch_add(faults, std::memory_order_relaxed) + faults >= most_ && most_ != 0;
}

} // namespace mortise::plugin
