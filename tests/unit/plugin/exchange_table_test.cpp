// SPDX-License-Identifier: BSL-1.0
// Numbers that are never valid twice.
#include "plugin/reply.hpp"
#include "unit/plugin/fixture.hpp"

#include <gtest/gtest.h>
#include <set>
#include <thread>

namespace mortise::plugin {
namespace {

using http::method;

class ExchangeTable : public testing::Test {
protected:
    test::small_host host;
    test::served served{host, "never_replies"};
    const handler& route = *served.plugin().handlers()[0];
    loopback::exchange exchange{method::get, "/fault"};
    const mortise_reply answer{sizeof answer, 200, 0, 0, nullptr, {nullptr, 0}, nullptr, nullptr};
};

TEST_F(ExchangeTable, NeverGivesANumberTwice) {
    std::set<mortise_exchange> seen;
    for (int i = 0; i < 1000; ++i) {
        const auto one = host.table.hold(exchange, route);
        const auto two = host.table.hold(exchange, route);
        EXPECT_TRUE(seen.insert(one).second);
        EXPECT_TRUE(seen.insert(two).second);
        host.table.take(one);
        host.table.take(two);
    }
    for (const auto number : seen) {
        EXPECT_FALSE(host.table.is_held(number));
    }
}

TEST_F(ExchangeTable, RefusesNumbersThatNeverWere) {
    EXPECT_EQ(reply(0, &answer), MORTISE_E_STATE);
    const auto number = host.table.hold(exchange, route);
    EXPECT_EQ(reply(number + 1, &answer), MORTISE_E_STATE);
    EXPECT_EQ(reply(number + (std::uint64_t{1} << 36), &answer), MORTISE_E_STATE);
    EXPECT_EQ(reply(number, &answer), MORTISE_OK);
}

TEST_F(ExchangeTable, CountsWhatEachPluginHolds) {
    const auto number = host.table.hold(exchange, route);
    const auto other = *host.load("declines");
    EXPECT_EQ(host.table.held_by(served.plugin()), 1U);
    EXPECT_EQ(host.table.held_by(*other), 0U);
    host.table.take(number);
    EXPECT_EQ(host.table.held_by(served.plugin()), 0U);
}

TEST_F(ExchangeTable, BelongsToOneThread) {
    EXPECT_EQ(exchange_table::of_this_thread(), &host.table);
    std::thread{[] { EXPECT_EQ(exchange_table::of_this_thread(), nullptr); }}.join();
}

TEST_F(ExchangeTable, RefusesRepliesToWhatItAnsweredItself) {
    const auto number = host.table.hold(exchange, route);
    host.table.answer_held({503, "Service Unavailable"});
    EXPECT_EQ(exchange.response()->status, 503U);
    EXPECT_EQ(reply(number, &answer), MORTISE_E_STATE);
}

} // namespace
} // namespace mortise::plugin
