// SPDX-License-Identifier: BSL-1.0
// Replies to exchanges of an HTTP/1 connection that no longer waits for them.
#include "loopback/http1_host.hpp"
#include "plugin/reply.hpp"
#include "unit/plugin/fixture.hpp"

#include <chrono>
#include <gtest/gtest.h>

namespace mortise::plugin {
namespace {

// Holds each request, as a plugin that waits does.
class holding_handler final : public http::handler {
public:
    void handle(http::exchange& exchange) noexcept override {
        number_ = host_.table.hold(exchange, *plugin_.plugin().handlers()[0]);
    }
    std::int32_t reply_now() const noexcept {
        mortise_reply answer{};
        answer.size = sizeof answer;
        answer.status = 200;
        return reply(number_, &answer);
    }

private:
    test::small_host host_;
    test::served plugin_{host_, "never_replies"};
    mortise_exchange number_ = 0;
};

// A client whose request is held.
struct held_request {
    held_request() {
        connections.accept(client);
        client.send("GET /fault HTTP/1.1\r\nHost: a\r\n\r\n");
        connections.settle();
    }

    holding_handler handler;
    loopback::wire client;
    loopback::http1_host connections{{}, handler};
};

TEST(LateReply, IsInTimeWhileTheClientWaits) {
    held_request held;
    EXPECT_EQ(held.handler.reply_now(), MORTISE_OK);
    EXPECT_TRUE(held.client.received().starts_with("HTTP/1.1 200 OK\r\n"));
}

TEST(LateReply, IsToldThatTheClientHasLeft) {
    held_request held;
    held.client.reset();
    held.connections.settle();
    EXPECT_EQ(held.handler.reply_now(), MORTISE_E_CANCELLED);
    EXPECT_EQ(held.connections.exchange_count(), 0U);
}

TEST(LateReply, IsToldThatTheDeadlineHasPassed) {
    held_request held;
    held.connections.pass(http1::deadlines{}.handler);
    EXPECT_TRUE(held.client.received().starts_with("HTTP/1.1 504 "));
    EXPECT_EQ(held.handler.reply_now(), MORTISE_E_CANCELLED);
    EXPECT_EQ(held.connections.exchange_count(), 0U);
}

} // namespace
} // namespace mortise::plugin
