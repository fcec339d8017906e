// SPDX-License-Identifier: BSL-1.0
// Numbers in digits: the largest, and everything that is none.
#include "base/decimal.hpp"

#include <gtest/gtest.h>
#include <limits>
#include <string>

namespace mortise::base {
namespace {

TEST(ParseDecimal, ReadsUpToSixtyFourBits) {
    EXPECT_EQ(parse_decimal("0"), 0U);
    EXPECT_EQ(parse_decimal("65535"), 65535U);
    EXPECT_EQ(parse_decimal("18446744073709551615"), std::numeric_limits<std::uint64_t>::max());
}

TEST(ParseDecimal, RefusesWhatSixtyFourBitsDoNotHold) {
    EXPECT_FALSE(parse_decimal("18446744073709551616"));
    EXPECT_FALSE(parse_decimal("18446744073709551620"));
    EXPECT_FALSE(parse_decimal("99999999999999999999"));
    EXPECT_FALSE(parse_decimal("1" + std::string(300, '0')));
}

TEST(ParseDecimal, ReadsLeadingZeros) {
    EXPECT_EQ(parse_decimal("007"), 7U);
    EXPECT_EQ(parse_decimal(std::string(300, '0') + "18446744073709551615"),
              std::numeric_limits<std::uint64_t>::max());
}

TEST(ParseDecimal, RefusesSignsSpacesAndOtherBases) {
    for (const char* const text : {"+1", "-1", "-0", " 1", "1 ", "1\t", "0x10", "1e3", "1.0", "1,0",
                                   "a", "1a", "\xd9\xa1", "1\r"}) {
        EXPECT_FALSE(parse_decimal(text)) << text;
    }
    EXPECT_FALSE(parse_decimal(std::string_view{"1\0", 2}));
}

TEST(ParseDecimal, RefusesNothing) {
    EXPECT_FALSE(parse_decimal(""));
    EXPECT_FALSE(parse_decimal(std::string_view{}));
}

} // namespace
} // namespace mortise::base
