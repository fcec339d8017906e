// SPDX-License-Identifier: BSL-1.0
// Pieces of each kind, one behind the other.
#include "base/pen.hpp"

#include <array>
#include <cstdint>
#include <gtest/gtest.h>
#include <limits>
#include <string>
#include <string_view>

namespace mortise::base {
namespace {

TEST(Pen, WritesEachPieceBehindTheOneBefore) {
    constexpr char fixed[] = {'a', 'b'};
    std::array<char, 64> room{};
    pen pen{room.data()};
    pen << "text" << std::string_view{} << ' ' << std::span<const char, 2>{fixed} << 200U << ':'
        << std::uint8_t{0};
    EXPECT_EQ(std::string_view(room.data(), pen.at()), "text ab200:0");
}

TEST(Pen, WritesEachNumberOfDigits) {
    for (std::uint32_t number = 0; number < 11'000; ++number) {
        std::array<char, 16> room{};
        pen pen{room.data()};
        pen << number;
        ASSERT_EQ(std::string_view(room.data(), pen.at()), std::to_string(number));
    }
}

TEST(Pen, WritesTheLargestNumbers) {
    std::array<char, 64> room{};
    pen pen{room.data()};
    pen << std::numeric_limits<std::uint8_t>::max() << ' '
        << std::numeric_limits<std::uint64_t>::max();
    EXPECT_EQ(std::string_view(room.data(), pen.at()), "255 18446744073709551615");
}

} // namespace
} // namespace mortise::base
