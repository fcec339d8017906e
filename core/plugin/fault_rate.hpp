// SPDX-License-Identifier: BSL-1.0
// How many lines a plugin may have in the log, and how many faults.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace mortise::plugin {

// Lets the first lines of each second through and counts the rest. [any]
class line_rate {
public:
    explicit line_rate(std::uint32_t lines_a_second) noexcept : lines_a_second_{lines_a_second} {}

    struct verdict {
        bool is_let_through;
        std::uint32_t left_out; // how many were not, since the last that was
    };
    verdict count(std::int64_t second) noexcept;

private:
    const std::uint32_t lines_a_second_;
    std::atomic<std::int64_t> second_{-1};
    std::atomic<std::uint32_t> seen_{0};
    std::atomic<std::uint32_t> left_out_{0};
};

// How many faults a plugin may have in a span of time. [any]
class fault_budget {
public:
    // `most` 0: any number.
    fault_budget(std::uint32_t most, std::chrono::seconds within) noexcept
        : most_{most}, within_{within} {}

    // Counts a fault; true: it is one too many. Two threads at the turn of a span may count one
    // less.
    bool spend(std::chrono::seconds now) noexcept { return spend(now, 1); }
    // Counts what is as bad as a third of all that are too many.
    bool spend_third(std::chrono::seconds now) noexcept { return spend(now, (most_ + 2) / 3); }

private:
    bool spend(std::chrono::seconds now, std::uint32_t faults) noexcept;

    const std::uint32_t most_;
    const std::chrono::seconds within_;
    std::atomic<std::chrono::seconds> since_{std::chrono::seconds::min()};
    std::atomic<std::uint32_t> count_{0};
};

} // namespace mortise::plugin
