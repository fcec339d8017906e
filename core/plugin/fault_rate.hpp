// SPDX-License-Identifier: BSL-1.0
// How often the same plugin's faults are worth a line.
#pragma once

#include <atomic>
#include <cstdint>

namespace mortise::plugin {

// Lets the first faults of each second through and counts the rest. [any]
class fault_rate {
public:
    static constexpr std::uint32_t lines_a_second = 10;

    struct verdict {
        bool is_let_through;
        std::uint32_t left_out; // how many were not, since the last that was
    };
    verdict count(std::int64_t second) noexcept;

private:
    std::atomic<std::int64_t> second_{-1};
    std::atomic<std::uint32_t> seen_{0};
    std::atomic<std::uint32_t> left_out_{0};
};

} // namespace mortise::plugin
