// SPDX-License-Identifier: BSL-1.0
// The classes of all 256 bytes against the grammar, spelt out.
#include "base/ascii.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>

namespace mortise::base {
namespace {

constexpr std::string_view digits = "0123456789";
constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

bool has(std::string_view set, char byte) {
    return set.find(byte) != set.npos;
}

// Expects that of all bytes exactly those that `belongs` accepts are of `wanted`.
template <class Predicate>
void expect_class(byte_class wanted, Predicate belongs) {
    for (int code = 0; code < 256; ++code) {
        const auto byte = static_cast<char>(code);
        EXPECT_EQ(is_of(byte, wanted), belongs(byte, code)) << "byte " << code;
    }
}

TEST(Ascii, KnowsTokenBytes) { // RFC 9110, 5.6.2
    expect_class(token_byte, [](char byte, int) {
        return has(digits, byte) || has(letters, byte) || has("!#$%&'*+-.^_`|~", byte);
    });
}

TEST(Ascii, KnowsValueBytes) { // RFC 9110, 5.5
    expect_class(value_byte, [](char, int code) {
        return code == '\t' || code == ' ' || (code >= 0x21 && code <= 0x7e) || code >= 0x80;
    });
}

TEST(Ascii, KnowsTargetBytes) {
    expect_class(target_byte, [](char, int code) { return code >= 0x21 && code <= 0x7e; });
}

TEST(Ascii, KnowsDigitsAndHexDigits) {
    expect_class(digit_byte, [](char byte, int) { return has(digits, byte); });
    expect_class(hex_byte, [](char byte, int) { return has("0123456789abcdefABCDEF", byte); });
}

TEST(Ascii, CountsHexDigitsOfBothCases) {
    for (unsigned value = 0; value < 16; ++value) {
        EXPECT_EQ(hex_value("0123456789abcdef"[value]), value);
        EXPECT_EQ(hex_value("0123456789ABCDEF"[value]), value);
    }
}

TEST(Ascii, KnowsUnreservedBytes) { // RFC 3986, 2.3
    expect_class(unreserved_byte, [](char byte, int) {
        return has(digits, byte) || has(letters, byte) || has("-._~", byte);
    });
}

TEST(Ascii, KnowsRegisteredNameBytes) { // RFC 3986, 3.2.2, without its escapes
    expect_class(name_byte, [](char byte, int) {
        return has(digits, byte) || has(letters, byte) || has("-._~", byte) ||
               has("!$&'()*+,;=", byte);
    });
}

TEST(Ascii, KnowsPathBytesThatNeedNoWork) {
    expect_class(path_byte, [](char byte, int code) {
        return code >= 0x21 && code <= 0x7e && !has("%.?#", byte);
    });
}

TEST(Ascii, KnowsANameInEveryCaseAndNoOther) {
    EXPECT_TRUE(is_named("host", "host"));
    EXPECT_TRUE(is_named("HoST", "host"));
    EXPECT_TRUE(is_named("Transfer-Encoding", "transfer-encoding"));
    const std::string name = "content-length";
    for (std::size_t at = 0; at < name.size(); ++at) {
        for (int code = 0; code < 256; ++code) {
            std::string other = name;
            other[at] = static_cast<char>(code);
            if (is_token(other)) {
                EXPECT_EQ(is_named(other, "content-length"), equal_ignoring_case(other, name))
                    << other;
            }
        }
    }
}

TEST(Ascii, LowersLettersAlone) {
    for (int code = 0; code < 256; ++code) {
        const auto byte = static_cast<char>(code);
        const auto upper = letters.substr(26).find(byte);
        EXPECT_EQ(to_lower(byte), upper == letters.npos ? byte : letters[upper]) << code;
    }
}

TEST(Ascii, ComparesLettersWithoutRegardToCase) {
    EXPECT_TRUE(equal_ignoring_case("Content-Length", "cONTENT-lENGTH"));
    EXPECT_TRUE(equal_ignoring_case("", ""));
    EXPECT_FALSE(equal_ignoring_case("Host", "Hosts"));
    EXPECT_FALSE(equal_ignoring_case("Host", "Most"));
}

// Bytes that differ by 0x20 and are no letters: a mask in place of a comparison takes them for one.
TEST(Ascii, ComparesEveryOtherByteExactly) {
    for (int left = 0; left < 256; ++left) {
        for (int right = 0; right < 256; ++right) {
            const char one[] = {static_cast<char>(left)};
            const char other[] = {static_cast<char>(right)};
            const auto at = letters.find(one[0]);
            const bool same = left == right || (at != letters.npos &&
                                                letters[(at + 26) % letters.size()] == other[0]);
            EXPECT_EQ(equal_ignoring_case({one, 1}, {other, 1}), same) << left << ' ' << right;
        }
    }
}

TEST(Ascii, TakesTokensAlone) {
    EXPECT_TRUE(is_token("X-Request-Id"));
    EXPECT_FALSE(is_token(""));
    EXPECT_FALSE(is_token("two words"));
    EXPECT_FALSE(is_token("name:"));
    EXPECT_FALSE(is_token(std::string_view{"a\0b", 3}));
    EXPECT_FALSE(is_token("caf\xc3\xa9"));
}

TEST(Ascii, TrimsSpacesAndTabsOfBothEnds) { // OWS, RFC 9110, 5.6.3
    EXPECT_EQ(trim(" \t a b\t \t"), "a b");
    EXPECT_EQ(trim("a"), "a");
    EXPECT_EQ(trim(" \t "), "");
    EXPECT_EQ(trim(""), "");
    EXPECT_EQ(trim("\r\n a \v"), "\r\n a \v");
}

} // namespace
} // namespace mortise::base
