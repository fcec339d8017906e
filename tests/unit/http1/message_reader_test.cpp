// SPDX-License-Identifier: BSL-1.0
// From bytes to a judged request, and the same verdict for each cut.
#include "http1/message_reader.hpp"

#include <array>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace mortise::http1 {
namespace {

using state = head::state;

// Reads one head, from bytes that may come in pieces.
struct reading {
    http1::limits limits;
    std::vector<http::field> room = std::vector<http::field>(limits.field_count);
    base::arena memory;
    http::request request;
    head_progress progress;

    head read(std::string_view bytes) {
        return read_head(bytes, progress, limits, room, memory, request);
    }
};

// 0: complete; 1: incomplete; else the status that refuses.
unsigned verdict(const head& found) {
    return found.now == state::refused ? found.why.status : found.now == state::incomplete;
}
unsigned verdict_on(std::string_view bytes) {
    reading reading;
    return verdict(reading.read(bytes));
}
unsigned verdict_on_fields(const std::string& fields, const char* version = "1.1") {
    return verdict_on("POST / HTTP/" + std::string{version} + "\r\nHost: a\r\n" + fields + "\r\n");
}

TEST(MessageReader, FillsTheRequest) {
    const std::string bytes = "PUT http://h:1/a/../b?c HTTP/1.1\r\nHost: other\r\n"
                              "Content-Length: 12\r\nConnection: x, Close\r\n"
                              "Expect: 100-Continue\r\n\r\nrest";
    reading reading;
    const auto found = reading.read(bytes);
    ASSERT_EQ(found.now, state::complete);
    EXPECT_EQ(found.size, bytes.size() - 4);
    const auto& request = reading.request;
    EXPECT_EQ(request.method, http::method::put);
    EXPECT_EQ(request.target, "http://h:1/a/../b?c");
    EXPECT_EQ(request.path, "/b");
    EXPECT_EQ(request.query, "c");
    EXPECT_EQ(request.authority, "h:1"); // RFC 9112, 3.2.2: the target's, not Host
    EXPECT_EQ(request.framing, http::content_framing::length);
    EXPECT_EQ(request.content_length, 12U);
    EXPECT_TRUE(request.wants_close);
    EXPECT_TRUE(request.expects_continue);
    EXPECT_EQ(request.fields.size(), 4U);
}

TEST(MessageReader, ClearsWhatAnEarlierRequestSaid) {
    reading reading;
    ASSERT_EQ(verdict(reading.read("POST / HTTP/1.0\r\nHost: a\r\nContent-Length: 1\r\n\r\n")), 0U);
    reading.progress = {};
    ASSERT_EQ(verdict(reading.read("GET /x HTTP/1.1\r\nHost: b\r\n\r\n")), 0U);
    EXPECT_EQ(reading.request.framing, http::content_framing::none);
    EXPECT_EQ(reading.request.content_length, 0U);
    EXPECT_FALSE(reading.request.wants_close);
    EXPECT_EQ(reading.request.authority, "b");
    EXPECT_EQ(reading.request.query, "");
}

TEST(MessageReader, RefusesWhatItsPartsRefuse) {
    EXPECT_EQ(verdict_on("GET / HTTP/1.1\r\n\r\n"), 400U); // no Host
    EXPECT_EQ(verdict_on("GET x HTTP/1.1\r\nHost: a\r\n\r\n"), 400U);
    EXPECT_EQ(verdict_on("GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n"), 400U);
    EXPECT_EQ(verdict_on_fields("Host: a\r\n"), 400U);
    EXPECT_EQ(verdict_on_fields("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"), 400U);
    EXPECT_EQ(verdict_on_fields("content-length: 1\r\nCONTENT-LENGTH: 1\r\n"), 400U);
    EXPECT_EQ(verdict_on_fields("transfer-encoding: gzip\r\n"), 501U);
    EXPECT_EQ(verdict_on_fields("Transfer-Encoding: chunked\r\n", "1.0"), 400U);
}

TEST(MessageReader, RefusesOtherExpectations) {
    EXPECT_EQ(verdict_on_fields("Expect: 100-continue\r\n"), 0U);
    EXPECT_EQ(verdict_on_fields("Expect: a-miracle\r\n"), 417U);
    EXPECT_EQ(verdict_on_fields("Expect: 100-continue\r\nExpect: a-miracle\r\n"), 417U);
}

TEST(MessageReader, IgnoresExpectationsInHttp10) {
    EXPECT_EQ(verdict_on_fields("Expect: a-miracle\r\n", "1.0"), 0U);
    reading reading;
    ASSERT_EQ(verdict(reading.read("GET / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n")), 0U);
    EXPECT_FALSE(reading.request.expects_continue);
}

// Gives `bytes` cut at `first`, and then byte by byte.
head read_cut(reading& reading, std::string_view bytes, std::size_t first) {
    auto found = reading.read(bytes.substr(0, first));
    while (found.now == state::incomplete && first < bytes.size()) {
        found = reading.read(bytes.substr(0, ++first));
    }
    return found;
}

TEST(MessageReader, JudgesEachCutAlike) {
    for (const std::string bytes :
         {"GET /a%20b?c HTTP/1.1\r\nHost: a\r\nA: b\r\n\r\n", "\r\n\r\nGET / HTTP/1.0\r\n\r\n",
          "GET / HTTP/1.1\r\nHost: a\r\nA : b\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n",
          "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "GET / HTTP/3.1\r\n\r\n",
          "GET / HTTP/1.1\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nA: \x01\r\n\r\n",
          "BREW / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n", "GET /\r\n"}) {
        reading at_once;
        const auto whole = at_once.read(bytes);
        ASSERT_NE(whole.now, state::incomplete) << bytes;
        for (std::size_t first = 1; first < bytes.size(); ++first) {
            reading in_pieces;
            const auto cut = read_cut(in_pieces, bytes, first);
            EXPECT_EQ(verdict(cut), verdict(whole)) << bytes << " cut at " << first;
            EXPECT_EQ(cut.size, whole.size) << bytes << " cut at " << first;
            EXPECT_EQ(cut.why.title, whole.why.title) << bytes << " cut at " << first;
            EXPECT_EQ(in_pieces.request.path, at_once.request.path);
        }
    }
}

// Gives `bytes` one by one. How many were there when they were refused; 0 if they never were.
std::size_t size_at_refusal(reading& reading, std::string_view bytes, unsigned status) {
    for (std::size_t size = 1; size <= bytes.size(); ++size) {
        if (const auto now = verdict(reading.read(bytes.substr(0, size))); now != 1U) {
            EXPECT_EQ(now, status);
            return size;
        }
    }
    return 0;
}

// Single bytes are judged in steps of 512 behind a limit, so that they cost no square of time.
constexpr std::size_t most_late = 512;

TEST(MessageReader, RefusesLongTargetBeforeItsLineEnds) {
    reading reading;
    reading.limits.target_size = 2000;
    const std::size_t border = std::string_view{"GET "}.size() + 2000;
    const auto size = size_at_refusal(reading, "GET /" + std::string(4000, 'a'), 414);
    EXPECT_GT(size, border);
    EXPECT_LE(size, border + most_late);
}

TEST(MessageReader, RefusesLargeHeaderSectionBeforeItsLineEnds) {
    reading reading;
    reading.limits.header_size = 2000;
    const std::string line = "GET / HTTP/1.1\r\n";
    const std::size_t border = line.size() + 2000;
    const auto size = size_at_refusal(reading, line + "A: " + std::string(4000, 'a'), 431);
    EXPECT_GT(size, border);
    EXPECT_LE(size, border + most_late);
}

TEST(MessageReader, RefusesLongTargetAtOnceWhenItArrivesAtOnce) {
    reading reading;
    reading.limits.target_size = 2000;
    const std::string bytes = "GET /" + std::string(1999, 'a');
    EXPECT_EQ(verdict(reading.read(bytes)), 1U);
    reading.progress = {};
    EXPECT_EQ(verdict(reading.read(bytes + "a")), 414U);
}

TEST(MessageReader, JudgesManyFieldLinesAtTheOneTooMany) {
    reading reading;
    std::string bytes = "GET / HTTP/1.1\r\nHost: a\r\n";
    for (int lines = 1; lines < 100; ++lines) {
        bytes += "A: b\r\n";
    }
    EXPECT_EQ(verdict(reading.read(bytes)), 1U);
    EXPECT_EQ(verdict(reading.read(bytes + "\r\n")), 0U);
    reading.progress = {};
    EXPECT_EQ(verdict(reading.read(bytes + "A: b\r\n\r\n")), 431U);
}

} // namespace
} // namespace mortise::http1
