// SPDX-License-Identifier: BSL-1.0
// Content by either framing, under one limit.
#include "http1/content_decoder.hpp"

#include <gtest/gtest.h>
#include <string>

namespace mortise::http1 {
namespace {

using http::content_framing;
using state = content_decoder::step::state;

http::request by_length(std::uint64_t length) {
    http::request request;
    request.framing = content_framing::length;
    request.content_length = length;
    return request;
}
http::request by_chunks() {
    http::request request;
    request.framing = content_framing::chunked;
    return request;
}

// A decoder that is read until it has no more to give.
struct reading {
    explicit reading(const http::request& request, std::uint64_t limit = 1000) {
        decoder.start(request, limit);
    }

    http1::limits limits;
    content_decoder decoder;
    std::string content;
    http::problem why{};

    state take(std::string_view& input, std::size_t most = 100) {
        while (true) {
            const auto step = decoder.next(input, most, limits);
            EXPECT_LE(step.piece.size(), most);
            content += step.piece;
            why = step.why;
            if (step.now != state::piece) {
                return step.now;
            }
        }
    }
};

TEST(ContentDecoder, IsAtEndWithoutContent) {
    for (const auto& request : {http::request{}, by_length(0)}) {
        reading reading{request};
        EXPECT_TRUE(reading.decoder.is_at_end());
        std::string_view input = "GET";
        EXPECT_EQ(reading.take(input), state::end);
        EXPECT_EQ(input, "GET");
    }
}

TEST(ContentDecoder, TakesExactlyTheLength) {
    reading reading{by_length(5)};
    std::string_view input = "ab";
    EXPECT_EQ(reading.take(input), state::need_more);
    EXPECT_TRUE(reading.decoder.has_started());
    EXPECT_EQ(reading.decoder.known_rest(), 3U);
    input = "cdeGET";
    EXPECT_EQ(reading.take(input), state::end);
    EXPECT_EQ(reading.content, "abcde");
    EXPECT_EQ(input, "GET");
    EXPECT_TRUE(reading.decoder.is_at_end());
}

TEST(ContentDecoder, TakesChunksToTheirEnd) {
    reading reading{by_chunks()};
    std::string_view input = "2\r\nab\r\n3\r\nc";
    EXPECT_EQ(reading.take(input), state::need_more);
    EXPECT_EQ(reading.decoder.known_rest(), 0U);
    input = "de\r\n0\r\n\r\nGET";
    EXPECT_EQ(reading.take(input), state::end);
    EXPECT_EQ(reading.content, "abcde");
    EXPECT_EQ(input, "GET");
}

TEST(ContentDecoder, GivesNoMoreThanAskedFor) {
    const std::string chunks = "5\r\nabcde\r\n0\r\n\r\n";
    for (std::size_t most = 1; most < 7; ++most) {
        reading length{by_length(5)};
        std::string_view input = "abcde";
        EXPECT_EQ(length.take(input, most), state::end);
        EXPECT_EQ(length.content, "abcde");
        reading chunked{by_chunks()};
        input = chunks;
        EXPECT_EQ(chunked.take(input, most), state::end);
        EXPECT_EQ(chunked.content, "abcde");
    }
}

TEST(ContentDecoder, RefusesTooLargeLengthBeforeItsFirstByte) {
    reading within{by_length(1000)};
    std::string_view input;
    EXPECT_EQ(within.take(input), state::need_more);
    reading beyond{by_length(1001)};
    EXPECT_EQ(beyond.take(input), state::refused);
    EXPECT_EQ(beyond.why.status, 413U);
    EXPECT_TRUE(beyond.decoder.has_failed());
}

TEST(ContentDecoder, RefusesTheChunkedByteThatIsTooMuch) {
    std::string_view input = "4\r\nabcd\r\n0\r\n\r\n";
    reading within{by_chunks(), 4};
    EXPECT_EQ(within.take(input), state::end);
    input = "4\r\nabcd\r\n1\r\ne";
    reading beyond{by_chunks(), 4};
    EXPECT_EQ(beyond.take(input), state::refused);
    EXPECT_EQ(beyond.why.status, 413U);
    EXPECT_EQ(beyond.content, "abcd");
}

TEST(ContentDecoder, TakesANewLimit) {
    reading reading{by_length(2000)};
    reading.decoder.set_limit(2000);
    std::string_view input;
    EXPECT_EQ(reading.take(input), state::need_more);
}

TEST(ContentDecoder, LimitsTheRestFromWhereItStands) {
    reading reading{by_chunks()};
    std::string_view input = "8\r\nabcd";
    ASSERT_EQ(reading.take(input), state::need_more);
    reading.decoder.limit_rest(4);
    input = "efgh\r\n1\r\n";
    EXPECT_EQ(reading.take(input), state::need_more);
    input = "i";
    EXPECT_EQ(reading.take(input), state::refused);
}

TEST(ContentDecoder, TellsOfBrokenChunks) {
    reading reading{by_chunks()};
    std::string_view input = "x";
    EXPECT_EQ(reading.take(input), state::refused);
    EXPECT_EQ(reading.why.status, 400U);
    EXPECT_TRUE(reading.decoder.has_failed());
}

TEST(ContentDecoder, StartsAnewAfterAFailure) {
    reading reading{by_chunks()};
    std::string_view input = "x";
    ASSERT_EQ(reading.take(input), state::refused);
    reading.decoder.start(by_chunks(), 1000);
    EXPECT_FALSE(reading.decoder.has_failed());
    EXPECT_FALSE(reading.decoder.has_started());
    input = "1\r\na\r\n0\r\n\r\n";
    EXPECT_EQ(reading.take(input), state::end);
}

} // namespace
} // namespace mortise::http1
