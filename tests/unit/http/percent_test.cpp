// SPDX-License-Identifier: BSL-1.0
// Escapes that are checked and decoded.
#include "http/percent.hpp"

#include <gtest/gtest.h>

namespace mortise::http {
namespace {

using namespace std::string_view_literals;

TEST(PercentEncoding, WantsTwoHexadecimalDigits) {
    for (const auto text : {"", "plain", "%00", "%aF%Fa", "a%20b", "%25%25"}) {
        EXPECT_TRUE(is_percent_encoded(text)) << text;
    }
    for (const auto text : {"%", "a%", "%4", "%4g", "%g4", "%%41", "%41%", "%4 1", "% 41", "%-1"}) {
        EXPECT_FALSE(is_percent_encoded(text)) << text;
    }
}

TEST(PercentEncoding, WritesEveryByte) {
    constexpr std::string_view upper = "0123456789ABCDEF";
    constexpr std::string_view lower = "0123456789abcdef";
    for (unsigned byte = 0; byte < 256; ++byte) {
        EXPECT_EQ(percent_byte(upper[byte / 16], upper[byte % 16]), byte);
        EXPECT_EQ(percent_byte(lower[byte / 16], lower[byte % 16]), byte);
    }
}

TEST(PercentDecoding, DecodesEachEscapeOnce) {
    base::arena memory;
    EXPECT_EQ(percent_decode("a%20b", memory), "a b");
    EXPECT_EQ(percent_decode("%2f%2F", memory), "//");
    EXPECT_EQ(percent_decode("%2541", memory), "%41");
    EXPECT_EQ(percent_decode("%C3%A9", memory), "\xc3\xa9");
    EXPECT_EQ(percent_decode("a%00b", memory), "a\0b"sv);
    EXPECT_EQ(percent_decode("a+b", memory), "a+b");
}

TEST(PercentDecoding, LeavesTheSlashesOfAPathEscaped) {
    base::arena memory;
    EXPECT_EQ(percent_decode_path("..%2f..%2Fetc/a%20b", memory), "..%2f..%2Fetc/a b");
    EXPECT_EQ(percent_decode_path("a/b", memory), "a/b");
}

TEST(PercentDecoding, LendsTextWithoutEscapes) {
    base::arena memory;
    constexpr std::string_view text = "plain";
    EXPECT_EQ(percent_decode(text, memory).data(), text.data());
}

} // namespace
} // namespace mortise::http
