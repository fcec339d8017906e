// SPDX-License-Identifier: BSL-1.0
// How many of a second become lines, and how many faults are too many.
#include "plugin/fault_rate.hpp"

#include <chrono>
#include <cstdint>
#include <gtest/gtest.h>

namespace mortise::plugin {
namespace {

TEST(LineRate, LetsTheFirstOfASecondThroughAndCountsTheRest) {
    line_rate rate{10};
    for (int lines = 0; lines < 10; ++lines) {
        EXPECT_TRUE(rate.count(5).is_let_through);
    }
    EXPECT_FALSE(rate.count(5).is_let_through);
    EXPECT_FALSE(rate.count(5).is_let_through);
    const auto next = rate.count(6);
    EXPECT_TRUE(next.is_let_through);
    EXPECT_EQ(next.left_out, 2U);
    EXPECT_EQ(rate.count(6).left_out, 0U);
}

using std::chrono::seconds;

TEST(FaultBudget, IsSpentByThatManyFaultsInItsTime) {
    fault_budget budget{3, seconds{10}};
    EXPECT_FALSE(budget.spend(seconds{100}));
    EXPECT_FALSE(budget.spend(seconds{105}));
    EXPECT_TRUE(budget.spend(seconds{110}));
}

TEST(FaultBudget, BeginsAnewWhenItsTimeIsOver) {
    fault_budget budget{2, seconds{10}};
    EXPECT_FALSE(budget.spend(seconds{100}));
    EXPECT_FALSE(budget.spend(seconds{111}));
    EXPECT_TRUE(budget.spend(seconds{111}));
}

TEST(FaultBudget, IsSpentByThreeThirds) {
    for (const std::uint32_t most : {1U, 2U, 3U, 100U, 101U}) {
        fault_budget budget{most, seconds{10}};
        int spent = 0;
        while (!budget.spend_third(seconds{100})) {
            ++spent;
        }
        EXPECT_LE(spent, 2) << most;
    }
}

TEST(FaultBudget, IsNeverSpentWhereThereIsNone) {
    fault_budget budget{0, seconds{10}};
    for (int fault = 0; fault < 1000; ++fault) {
        EXPECT_FALSE(budget.spend(seconds{100}));
        EXPECT_FALSE(budget.spend_third(seconds{100}));
    }
}

} // namespace
} // namespace mortise::plugin
