// SPDX-License-Identifier: BSL-1.0
// The scans for bytes that end something, across the border of their sixteen-byte steps.
#include "base/scan.hpp"

#include <algorithm>
#include <cstddef>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <string_view>

namespace mortise::base {
namespace {

constexpr std::size_t longest = 50; // three steps of sixteen, and a rest

struct scan {
    const char* name;
    const char* (*find)(const char* begin, const char* end) noexcept;
    bool (*stops_at)(char byte);
};

bool is_control(char byte) {
    const auto code = static_cast<unsigned char>(byte);
    return (code < 0x20 && byte != '\t') || code == 0x7f;
}

bool is_invisible(char byte) {
    const auto code = static_cast<unsigned char>(byte);
    return code < 0x21 || code > 0x7e;
}

bool is_unquotable(char byte) {
    const auto code = static_cast<unsigned char>(byte);
    return code < 0x20 || code > 0x7e || byte == '"' || byte == '\\';
}

bool is_no_token_byte(char byte) {
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    const auto code = static_cast<unsigned char>(byte);
    const bool letter = (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z');
    return !letter && !(code >= '0' && code <= '9') && others.find(byte) == others.npos;
}

class Scan : public testing::TestWithParam<scan> {
protected:
    // In an allocation of its own size, so that a sanitizer sees a read behind the end.
    static std::size_t place_found(const std::string& text, std::size_t offset = 0) {
        const auto size = offset + text.size();
        const std::unique_ptr<char[]> bytes{new char[size]};
        std::fill_n(bytes.get(), offset, '\n');
        std::copy(text.begin(), text.end(), bytes.get() + offset);
        const char* const begin = bytes.get() + offset;
        return static_cast<std::size_t>(GetParam().find(begin, bytes.get() + size) - begin);
    }
};

TEST_P(Scan, JudgesEachByteAtEachPlace) {
    for (int code = 0; code < 256; ++code) {
        const auto byte = static_cast<char>(code);
        for (std::size_t at = 0; at < longest; ++at) {
            std::string text(longest, 'v');
            text[at] = byte;
            ASSERT_EQ(place_found(text), GetParam().stops_at(byte) ? at : longest)
                << "byte " << code << " at " << at;
        }
    }
}

TEST_P(Scan, FindsTheFirstAtEachOffsetAndLength) {
    for (std::size_t offset = 0; offset < 17; ++offset) {
        for (std::size_t size = 0; size < longest; ++size) {
            ASSERT_EQ(place_found(std::string(size, 'v'), offset), size);
            for (std::size_t at = 0; at < size; ++at) {
                std::string text(size, 'v');
                text[at] = '\x01';
                text.back() = '\x7f';
                ASSERT_EQ(place_found(text, offset), at)
                    << "offset " << offset << ", size " << size;
            }
        }
    }
}

TEST_P(Scan, JudgesEachByteInTextsOfEachLength) {
    for (std::size_t size = 1; size < longest; ++size) {
        for (int code = 0; code < 256; ++code) {
            std::string text(size, 'v');
            text.back() = static_cast<char>(code);
            ASSERT_EQ(place_found(text), GetParam().stops_at(text.back()) ? size - 1 : size)
                << "byte " << code << " behind " << size - 1;
        }
    }
}

TEST_P(Scan, AgreesWithTheNaiveLoop) {
    unsigned state = 1;
    for (int round = 0; round < 20'000; ++round) {
        std::string text;
        const std::size_t size = round % longest;
        while (text.size() < size) {
            state = state * 1664525U + 1013904223U;
            const auto byte = static_cast<char>(state >> 24);
            text += GetParam().stops_at(byte) && (state >> 8) % 8 != 0 ? 'v' : byte;
        }
        const auto naive = std::find_if(text.begin(), text.end(), GetParam().stops_at);
        ASSERT_EQ(place_found(text), static_cast<std::size_t>(naive - text.begin()));
    }
}

INSTANTIATE_TEST_SUITE_P(Finds, Scan,
                         testing::Values(scan{"control", find_control, is_control},
                                         scan{"invisible", find_invisible, is_invisible},
                                         scan{"unquotable", find_unquotable, is_unquotable},
                                         scan{"token_end", find_token_end, is_no_token_byte}),
                         [](const auto& each) { return std::string{each.param.name}; });

TEST(IsFieldValue, RefusesWhatWouldBreakALine) {
    EXPECT_TRUE(is_field_value(""));
    EXPECT_TRUE(is_field_value(std::string_view{}));
    EXPECT_TRUE(is_field_value("text/html;\tcharset=\"utf-8\" caf\xc3\xa9"));
    EXPECT_FALSE(is_field_value("a value that is long enough\r\nSet-Cookie: a=b"));
    EXPECT_FALSE(is_field_value("\n"));
    EXPECT_FALSE(is_field_value(std::string_view{"a\0b", 3}));
}

} // namespace
} // namespace mortise::base
