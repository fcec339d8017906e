// SPDX-License-Identifier: BSL-1.0
// Every call of a connection's stream fails in turn.
#include "unit/http1/scripts.hpp"

#include <gtest/gtest.h>

namespace mortise::http1 {
namespace {

using namespace test;

// Plays `script` while `blows` lets one call fail, and checks that nothing is left behind. Returns
// what the client received, and fails where a connection with a failed call stayed open.
std::string play(const script& script, loopback::fuse& blows) {
    loopback::wire client;
    settings settings;
    sparing_handler handler;
    loopback::http1_host host{settings, handler};
    host.accept(client, blows);
    stage stage{client, host, handler, nullptr};
    script.play(stage);
    EXPECT_TRUE(!blows.has_blown() || client.is_closed());
    handler.answer_kept();
    client.reset();
    host.settle();
    handler.end_stream();
    EXPECT_EQ(host.connection_count(), 0U);
    EXPECT_EQ(host.exchange_count(), 0U);
    EXPECT_EQ(handler.released(), handler.lent());
    EXPECT_TRUE(handler.knows_each_end());
    EXPECT_TRUE(handler.knows_each_write());
    return without_date(client.take_received());
}

class ConnectionFuse : public testing::TestWithParam<script> {};

TEST_P(ConnectionFuse, LeavesNothingBehindWhicheverCallFails) {
    loopback::fuse sound;
    const auto whole = play(GetParam(), sound);
    ASSERT_FALSE(whole.empty());
    for (std::size_t call = 0;; ++call) {
        SCOPED_TRACE(call);
        loopback::fuse blows{call};
        const auto received = play(GetParam(), blows);
        EXPECT_TRUE(whole.starts_with(received)) << received;
        if (!blows.has_blown()) {
            EXPECT_EQ(received, whole);
            break;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Scripts, ConnectionFuse, testing::ValuesIn(scripts),
                         [](const auto& each) { return std::string{each.param.name}; });

} // namespace
} // namespace mortise::http1
