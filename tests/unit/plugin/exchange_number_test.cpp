// SPDX-License-Identifier: BSL-1.0
// A number and its parts.
#include "plugin/exchange_number.hpp"

#include <gtest/gtest.h>

namespace mortise::plugin {
namespace {

TEST(ExchangeNumber, KeepsEachPartApart) {
    const exchange_number largest{exchange_number::last_generation, 255, 255,
                                  exchange_number::max_slots - 1};
    EXPECT_EQ(largest.packed(), UINT64_MAX);
    const auto parts = exchange_number::unpack(exchange_number{9, 8, 7, 6}.packed());
    EXPECT_EQ(parts.generation, 9U);
    EXPECT_EQ(parts.instance, 8U);
    EXPECT_EQ(parts.loop, 7U);
    EXPECT_EQ(parts.slot, 6U);
}

TEST(ExchangeNumber, IsNeverZero) {
    EXPECT_NE((exchange_number{1, 0, 0, 0}.packed()), 0U);
}

} // namespace
} // namespace mortise::plugin
