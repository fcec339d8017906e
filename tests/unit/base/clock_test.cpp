// SPDX-License-Identifier: BSL-1.0
// The coarse clocks against the exact ones.
#include "base/clock.hpp"

#include <chrono>
#include <gtest/gtest.h>

namespace mortise::base {
namespace {

TEST(Clock, NeverRunsBackwards) {
    auto last = monotonic_now();
    for (int count = 0; count < 100'000; ++count) {
        const auto now = monotonic_now();
        ASSERT_GE(now, last);
        last = now;
    }
}

// A coarse clock stands still between two ticks of the kernel, so it is behind and never ahead.
TEST(Clock, IsNotAheadOfTheExactClocks) {
    using std::chrono::steady_clock;
    using std::chrono::system_clock;
    for (int count = 0; count < 1000; ++count) {
        const auto coarse = monotonic_now();
        ASSERT_LE(coarse, steady_clock::now());
        const auto wall = wall_clock_now();
        ASSERT_LE(wall, system_clock::now());
    }
}

TEST(Clock, CountsFromTheSameBeginningAsTheExactClocks) {
    const auto before = std::chrono::steady_clock::now() - std::chrono::seconds{10};
    EXPECT_GE(monotonic_now(), before);
    const auto wall_before = std::chrono::system_clock::now() - std::chrono::hours{1};
    EXPECT_GE(wall_clock_now(), wall_before);
}

} // namespace
} // namespace mortise::base
