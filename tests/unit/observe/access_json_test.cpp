// SPDX-License-Identifier: BSL-1.0
// The JSON format, read back by a parser that takes nothing but JSON.
#include "unit/observe/access_fixture.hpp"

#include <boost/json/src.hpp>

#include <gtest/gtest.h>

namespace mortise::observe {
namespace {

using test::example_record;
using test::line_of;

std::string json(const access_record& record) {
    return line_of(record, access_format::json);
}

// The member `name` of the line's object; fails where the line is not JSON.
std::string member(const std::string& line, std::string_view name) {
    boost::system::error_code error;
    const auto value = boost::json::parse(line, error);
    if (error || !value.is_object() || !value.as_object().contains(name)) {
        ADD_FAILURE() << error.message() << " in " << line;
        return {};
    }
    const auto& text = value.as_object().at(name).as_string();
    return {text.data(), text.size()};
}

std::string read_back(std::string_view user_agent) {
    auto record = example_record();
    record.user_agent = user_agent;
    const auto line = json(record);
    EXPECT_EQ(line.find('\n'), line.size() - 1);
    return member(line, "user_agent");
}

// UTF-8 of one code point.
std::string utf8(unsigned code) {
    const auto tail = [code](unsigned shift) {
        return static_cast<char>(0x80 | ((code >> shift) & 0x3f));
    };
    if (code < 0x80) {
        return {static_cast<char>(code)};
    }
    if (code < 0x800) {
        return {static_cast<char>(0xc0 | (code >> 6)), tail(0)};
    }
    if (code < 0x10000) {
        return {static_cast<char>(0xe0 | (code >> 12)), tail(6), tail(0)};
    }
    return {static_cast<char>(0xf0 | (code >> 18)), tail(12), tail(6), tail(0)};
}

// Each byte as the code point of its number.
std::string latin1(std::string_view bytes) {
    std::string text;
    for (const char byte : bytes) {
        text += utf8(static_cast<unsigned char>(byte));
    }
    return text;
}

TEST(AccessLine, WritesJson) {
    EXPECT_EQ(json(example_record()),
              "{\"time\":\"1994-11-06T08:49:37.042Z\",\"remote\":\"192.0.2.17\",\"status\":200,"
              "\"bytes\":13,\"duration_ms\":7,\"method\":\"GET\","
              "\"target\":\"/greetings/Ada?loud=1\",\"version\":\"1.1\","
              "\"authority\":\"example.org:8080\",\"route\":\"/greetings/{name}\","
              "\"referer\":\"http://example.org/\",\"user_agent\":\"curl/7.88.1\"}\n");
}

TEST(AccessLine, LeavesOutOfJsonWhatIsUnknown) {
    access_record record;
    record.status = 400;
    record.time = test::example_time;
    EXPECT_EQ(json(record), "{\"time\":\"1994-11-06T08:49:37.042Z\",\"remote\":\"-\","
                            "\"status\":400,\"bytes\":0,\"duration_ms\":0}\n");
}

TEST(AccessLine, WritesTheLargestNumbers) {
    auto record = example_record();
    record.content_size = UINT64_MAX;
    EXPECT_NE(json(record).find("\"bytes\":18446744073709551615,"), std::string::npos);
}

TEST(AccessLine, KeepsEachAsciiByteInJson) {
    for (char byte = 0; byte >= 0 && byte < 0x7f; ++byte) {
        const std::string text{'a', byte, 'b'};
        EXPECT_EQ(read_back(text), text);
    }
    EXPECT_EQ(read_back("\x7f"), "\x7f");
}

TEST(AccessLine, KeepsUtf8InJson) {
    for (const unsigned code : {0x80U, 0xe9U, 0x7ffU, 0x800U, 0x20acU, 0xd7ffU, 0xe000U, 0xfffdU,
                                0xffffU, 0x10000U, 0x1f600U, 0x10ffffU}) {
        const auto text = "<" + utf8(code) + ">";
        EXPECT_EQ(read_back(text), text) << std::hex << code;
    }
}

TEST(AccessLine, ReadsInvalidUtf8AsLatin1InJson) {
    for (const std::string_view text : {
             "\x80",                 // a tail without a head
             "\xc3",                 // cut off at the end
             "\xc3\x28",             // cut off within
             "\xe2\x82",             //
             "\xf0\x9f\x98",         //
             "\xc0\xaf",             // overlong
             "\xc1\xbf",             //
             "\xe0\x80\x80",         //
             "\xe0\x9f\xbf",         //
             "\xf0\x8f\xbf\xbf",     //
             "\xed\xa0\x80",         // a surrogate
             "\xed\xbf\xbf",         //
             "\xf4\x90\x80\x80",     // above U+10FFFF
             "\xf5\x80\x80\x80",     //
             "\xf8\x88\x80\x80\x80", // five bytes
             "\xfe\xff",             //
         }) {
        EXPECT_EQ(read_back(text), latin1(text));
    }
    EXPECT_EQ(read_back("\xc3\xc3\xa9"), latin1("\xc3") + "\xc3\xa9");
}

TEST(AccessLine, WritesJsonWhateverTheBytes) {
    unsigned state = 1;
    for (int round = 0; round < 5000; ++round) {
        std::string text;
        for (int count = 0; count < 1 + round % 9; ++count) {
            state = state * 1664525U + 1013904223U;
            text += static_cast<char>((state >> 31) != 0 ? 0x80 | (state >> 24) : state >> 24);
        }
        EXPECT_FALSE(read_back(text).empty());
    }
}

TEST(AccessLine, EscapesEachTextOfJson) {
    auto record = example_record();
    record.target = record.authority = record.route = record.referer = "a\"}\n\\";
    const auto line = json(record);
    for (const char* const name : {"target", "authority", "route", "referer"}) {
        EXPECT_EQ(member(line, name), "a\"}\n\\");
    }
}

} // namespace
} // namespace mortise::observe
