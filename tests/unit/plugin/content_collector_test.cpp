// SPDX-License-Identifier: BSL-1.0
// Content that is there, that comes in pieces, and that does not come.
#include "unit/plugin/fixture.hpp"

#include <gtest/gtest.h>

namespace mortise::plugin {
namespace {

using http::content_framing;
using http::method;

class ContentCollector : public testing::Test {
protected:
    static constexpr std::size_t echo = 1; // the route's place

    test::small_host host;
    test::served sound{host, "sound"};
    loopback::exchange exchange{method::post, "/echo"};

    void announce(std::uint64_t length) {
        exchange.head().framing = content_framing::length;
        exchange.head().content_length = length;
    }
};

TEST_F(ContentCollector, CallsAtOnceWithoutContent) {
    sound.handle(exchange, echo);
    EXPECT_EQ(exchange.response()->status, 200U);
    EXPECT_EQ(exchange.response()->content, "");
}

TEST_F(ContentCollector, CallsAtOnceWhereAllIsThere) {
    announce(5);
    exchange.give_piece("whole");
    sound.handle(exchange, echo);
    EXPECT_EQ(exchange.response()->content, "whole");
    EXPECT_FALSE(exchange.is_kept());
}

TEST_F(ContentCollector, WaitsForPieces) {
    announce(10);
    exchange.give_piece("first");
    sound.handle(exchange, echo);
    EXPECT_FALSE(exchange.response());
    EXPECT_TRUE(exchange.is_kept());
    exchange.give_piece("other");
    EXPECT_EQ(exchange.response()->content, "firstother");
}

TEST_F(ContentCollector, GathersContentOfUnknownLength) {
    exchange.head().framing = content_framing::chunked;
    std::string whole;
    sound.handle(exchange, echo);
    for (int i = 0; i < 100; ++i) {
        const std::string piece(997, static_cast<char>('a' + i % 26));
        whole += piece;
        exchange.give_piece(piece);
    }
    EXPECT_FALSE(exchange.response());
    exchange.end_content();
    EXPECT_EQ(exchange.response()->content, whole);
}

TEST_F(ContentCollector, AnswersWhereContentDoesNotCome) {
    announce(10);
    sound.handle(exchange, echo);
    exchange.fail_content({413, "Content Too Large"});
    EXPECT_EQ(exchange.response()->status, 413U);
    EXPECT_EQ(host.table.held(), 0U);
}

} // namespace
} // namespace mortise::plugin
