// SPDX-License-Identifier: BSL-1.0
// How many faults of a second become lines.
#include "plugin/fault_rate.hpp"

#include <gtest/gtest.h>

namespace mortise::plugin {
namespace {

TEST(FaultRate, LetsTheFirstOfASecondThroughAndCountsTheRest) {
    fault_rate rate;
    for (unsigned i = 0; i < fault_rate::lines_a_second; ++i) {
        EXPECT_TRUE(rate.count(5).is_let_through);
    }
    EXPECT_FALSE(rate.count(5).is_let_through);
    EXPECT_FALSE(rate.count(5).is_let_through);
    const auto next = rate.count(6);
    EXPECT_TRUE(next.is_let_through);
    EXPECT_EQ(next.left_out, 2U);
    EXPECT_EQ(rate.count(6).left_out, 0U);
}

} // namespace
} // namespace mortise::plugin
