// SPDX-License-Identifier: BSL-1.0
// Every allocation within a connection fails in turn: that connection ends, the others go on.
#include "unit/http1/scripts.hpp"

#include <gtest/gtest.h>

namespace mortise::http1 {
namespace {

using namespace test;

// Whether the host serves another client as if nothing had been.
void expect_sound(stage& stage) {
    loopback::wire other;
    test::stage next{other, stage.host, stage.handler, nullptr};
    stage.host.accept(other);
    next.send(get("/later") + get("/b"));
    EXPECT_EQ(other.received(), "");
    next.answer_kept();
    EXPECT_EQ(without_date(other.take_received()),
              answer_to(std::string(50'000, 'x')) + answer_to("/b"));
    other.reset();
    stage.host.settle();
}

// As in the test of the stream's calls, with `memory` in the place of the stream.
std::string play(const script& script, allocation_fuse& memory) {
    loopback::wire client;
    client.reserve(256 * 1024);
    settings settings;
    sparing_handler handler;
    loopback::http1_host host{settings, handler};
    host.accept(client);
    stage stage{client, host, handler, &memory};
    script.play(stage);
    EXPECT_TRUE(!memory.has_blown() || client.is_closed() || script.logs);
    handler.answer_kept();
    client.reset();
    host.settle();
    handler.end_stream();
    expect_sound(stage);
    EXPECT_EQ(host.connection_count(), 0U);
    EXPECT_EQ(host.exchange_count(), 0U);
    EXPECT_EQ(handler.released(), handler.lent());
    EXPECT_TRUE(handler.knows_each_end());
    EXPECT_TRUE(handler.knows_each_write());
    return without_date(client.take_received());
}

class ConnectionMemory : public testing::TestWithParam<script> {};

TEST_P(ConnectionMemory, LeavesNothingBehindWhicheverAllocationFails) {
    std::string received;
    std::string longest;
    for (std::size_t allocation = 0;; ++allocation) {
        SCOPED_TRACE(allocation);
        allocation_fuse memory{allocation};
        received = play(GetParam(), memory);
        longest = received.size() > longest.size() ? received : longest;
        EXPECT_TRUE(longest.starts_with(received)) << received;
        if (!memory.has_blown()) {
            EXPECT_GT(allocation, 0U);
            break;
        }
    }
    EXPECT_EQ(received, longest);
}

INSTANTIATE_TEST_SUITE_P(Scripts, ConnectionMemory, testing::ValuesIn(scripts),
                         [](const auto& each) { return std::string{each.param.name}; });

} // namespace
} // namespace mortise::http1
