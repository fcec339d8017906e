// SPDX-License-Identifier: BSL-1.0
// The grammar of a head, and its limits at their borders.
#include "http1/tokenizer.hpp"

#include <gtest/gtest.h>
#include <string>

namespace mortise::http1 {
namespace {

using outcome = tokenizer::outcome;

// What a head came to: complete (0), incomplete (1) or the status that refuses it.
constexpr unsigned complete = 0;
constexpr unsigned incomplete = 1;

unsigned verdict_on(std::string_view bytes, const limits& limits = {}) {
    tokenizer tokens{bytes, limits};
    request_line line{};
    auto step = tokens.read_request_line(line);
    while (step == outcome::found) {
        http::field field;
        step = tokens.read_field(field);
    }
    return step == outcome::refused ? tokens.why().status
           : step == outcome::end   ? complete
                                    : incomplete;
}
unsigned verdict_on_line(const std::string& line) {
    return verdict_on(line + "\r\n\r\n");
}
unsigned verdict_on_field(const std::string& line) {
    return verdict_on("GET / HTTP/1.1\r\n" + line + "\r\n\r\n");
}

TEST(Tokenizer, CutsHeadIntoLineAndFields) {
    const std::string bytes =
        "GET /a?b HTTP/1.1\r\nHost: x\r\nEmpty:\r\nA:\t b \xff c \t\r\n\r\nrest";
    const limits limits;
    tokenizer tokens{bytes, limits};
    request_line line{};
    ASSERT_EQ(tokens.read_request_line(line), outcome::found);
    EXPECT_EQ(line.method, http::method::get);
    EXPECT_EQ(line.target, "/a?b");
    EXPECT_EQ(line.version_minor, 1);
    http::field field;
    ASSERT_EQ(tokens.read_field(field), outcome::found);
    EXPECT_EQ(field.name, "Host");
    EXPECT_EQ(field.value, "x");
    ASSERT_EQ(tokens.read_field(field), outcome::found);
    EXPECT_EQ(field.name, "Empty");
    EXPECT_EQ(field.value, "");
    ASSERT_EQ(tokens.read_field(field), outcome::found);
    EXPECT_EQ(field.value, "b \xff c");
    ASSERT_EQ(tokens.read_field(field), outcome::end);
    EXPECT_EQ(tokens.position(), bytes.size() - 4);
}

TEST(Tokenizer, ReadsMinorVersions) {
    const limits limits;
    for (const auto& [version, minor] :
         {std::pair{"HTTP/1.0", 0}, {"HTTP/1.1", 1}, {"HTTP/1.2", 1}, {"HTTP/1.9", 1}}) {
        const std::string bytes = std::string{"GET / "} + version + "\r\n\r\n";
        tokenizer tokens{bytes, limits};
        request_line line{};
        ASSERT_EQ(tokens.read_request_line(line), outcome::found);
        EXPECT_EQ(line.version_minor, minor) << version;
    }
}

TEST(Tokenizer, PassesOverFourEmptyLines) {
    EXPECT_EQ(verdict_on("\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\n\r\n"), complete);
    EXPECT_EQ(verdict_on("\r\n\r\n\r\n\r\n\r\n"), 400U);
    EXPECT_EQ(verdict_on("\r\n\r\n\r\n\r\n\r"), 400U);
}

TEST(Tokenizer, RefusesBadRequestLines) {
    for (const auto* const line :
         {"GET", "GET /", "GET  / HTTP/1.1", " GET / HTTP/1.1", "GET / HTTP/1.1 ",
          "GET /\tHTTP/1.1", "GET / HTTP/1.1x", "GET / http/1.1", "GET / HTTP/11", "GET / HTTP/1,1",
          "GET / HTTP/1.", "GET / HTTP/1.10", "GET / HTTP/x.1", "GE\x01T / HTTP/1.1",
          "GET /\x80 HTTP/1.1", "GET /\x7f HTTP/1.1", "GET / / HTTP/1.1", "G:T / HTTP/1.1"}) {
        EXPECT_EQ(verdict_on_line(line), 400U) << line;
    }
}

TEST(Tokenizer, NamesWhatIsNotSpoken) {
    EXPECT_EQ(verdict_on_line("BREW / HTTP/1.1"), 501U);
    EXPECT_EQ(verdict_on_line("get / HTTP/1.1"), 501U);
    EXPECT_EQ(verdict_on_line("CONNECT a:1 HTTP/1.1"), 501U);
    EXPECT_EQ(verdict_on_line("GET / HTTP/2.0"), 505U);
    EXPECT_EQ(verdict_on_line("GET / HTTP/0.9"), 505U);
}

TEST(Tokenizer, RefusesLongMethodBeforeItEnds) {
    EXPECT_EQ(verdict_on(std::string(24, 'M')), incomplete);
    EXPECT_EQ(verdict_on(std::string(25, 'M')), 501U);
}

TEST(Tokenizer, RefusesTlsAtItsFirstByte) {
    EXPECT_EQ(verdict_on("\x16"), 400U);
}

TEST(Tokenizer, RefusesBadFieldLines) {
    for (const auto* const line :
         {" folded: x", "\tfolded: x", "A : x", "A\t: x", ": x", "A", "A\x01: x", "(A): x",
          "A: x\r\n y: z", "A: \x01", "A: \x7f", "A: x\ry", "A: x\ny", "\xe4: x"}) {
        EXPECT_EQ(verdict_on_field(line), 400U) << line;
    }
    EXPECT_EQ(verdict_on_field(std::string{"A: \0", 4}), 400U);
}

TEST(Tokenizer, RefusesBareLineFeeds) {
    EXPECT_EQ(verdict_on("GET / HTTP/1.1\n"), 400U);
    EXPECT_EQ(verdict_on("GET / HTTP/1.1\r\nA: b\n"), 400U);
    EXPECT_EQ(verdict_on("GET / HTTP/1.1\r\nA: b\r\n\n"), 400U);
    EXPECT_EQ(verdict_on("\n"), 400U);
    EXPECT_EQ(verdict_on("\rG"), 400U);
}

TEST(Tokenizer, TakesTargetUpToItsLimit) {
    const limits limits{.target_size = 8};
    EXPECT_EQ(verdict_on("GET /2345678 HTTP/1.1\r\n\r\n", limits), complete);
    EXPECT_EQ(verdict_on("GET /23456789 HTTP/1.1\r\n\r\n", limits), 414U);
}

TEST(Tokenizer, CountsTargetAsItArrives) {
    const limits limits{.target_size = 8};
    EXPECT_EQ(verdict_on("GET /2345678", limits), incomplete);
    EXPECT_EQ(verdict_on("GET /23456789", limits), 414U);
}

TEST(Tokenizer, TakesFieldLinesUpToTheirCount) {
    const limits limits{.field_count = 2};
    EXPECT_EQ(verdict_on("GET / HTTP/1.1\r\nA: b\r\nA: b\r\n\r\n", limits), complete);
    EXPECT_EQ(verdict_on("GET / HTTP/1.1\r\nA: b\r\nA: b\r\nA", limits), 431U);
}

TEST(Tokenizer, TakesHeaderSectionUpToItsLimit) {
    const std::string line = "GET / HTTP/1.1\r\n";
    const std::string section = "A: 5678\r\nBC: 678\r\n\r\n";
    ASSERT_EQ(section.size(), 20U);
    EXPECT_EQ(verdict_on(line + section, {.header_size = 20}), complete);
    EXPECT_EQ(verdict_on(line + section + "rest", {.header_size = 20}), complete);
    EXPECT_EQ(verdict_on(line + section, {.header_size = 19}), 431U);
}

TEST(Tokenizer, CountsHeaderSectionAsItArrives) {
    const std::string line = "GET / HTTP/1.1\r\n";
    for (const std::string section : {"A: 56789abcdef", "Abcdefghijklmno", "A: 56789\r\n\r"}) {
        EXPECT_EQ(verdict_on(line + section, {.header_size = section.size()}), incomplete);
        EXPECT_EQ(verdict_on(line + section, {.header_size = section.size() - 1}), 431U);
    }
}

} // namespace
} // namespace mortise::http1
