// SPDX-License-Identifier: BSL-1.0
// The life of an exchange in the testing host: replies, memory, cancel, clients that leave.
#include "unit/sdk/border_plugin.hpp"

#include <mortise/testing.hpp>

#include <cstdint>
#include <cstring>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace mortise::test {
namespace {

using texts = std::vector<std::string>;

class TestingExchange : public ::testing::Test {
protected:
    // GET /wait is answered by the test, and counts the calls of on_cancel.
    void add_waiting_route(std::uint32_t flags = 0) {
        border_.on("GET", "/wait", MORTISE_ROUTE_MAY_WAIT | flags,
                   [this](mortise_exchange exchange, const mortise_request& request) {
                       exchange_ = exchange;
                       request_ = &request;
                       EXPECT_EQ(watch(), MORTISE_OK);
                       return MORTISE_PENDING;
                   });
    }
    std::int32_t watch() {
        return border_.host->on_cancel(
            exchange_, [](void* cancels) { ++*static_cast<int*>(cancels); }, &cancels_);
    }
    std::int32_t reply_late(testing::host& host, std::string_view content = "late") {
        std::int32_t code = MORTISE_E_FAILED;
        host.on_loop([&] { code = border_.reply(exchange_, content); });
        return code;
    }

    border_plugin border_;
    mortise_exchange exchange_ = 0;
    const mortise_request* request_ = nullptr;
    int cancels_ = 0;
};

TEST_F(TestingExchange, CallsOnCancelWhenTheClientLeaves) {
    add_waiting_route();
    testing::host host;
    auto plugin = host.load(border_.descriptor());
    auto pending = plugin.begin(testing::get("/wait"));
    pending.disconnect();
    EXPECT_EQ(cancels_, 0);
    host.run();
    EXPECT_EQ(cancels_, 1);
    EXPECT_FALSE(pending.is_over());
    host.on_loop([&] { EXPECT_EQ(watch(), MORTISE_E_CANCELLED); });
    EXPECT_EQ(reply_late(host), MORTISE_E_CANCELLED);
    EXPECT_TRUE(pending.is_over());
    EXPECT_FALSE(pending.is_answered());
    EXPECT_TRUE(pending.was_broken_off());
    plugin.unload();
    EXPECT_EQ(cancels_, 1);
    EXPECT_EQ(host.faults(), texts{});
}

TEST_F(TestingExchange, KeepsOnForAClientThatLeavesButNotForAHostThatStops) {
    add_waiting_route(MORTISE_ROUTE_KEEPS_ON);
    testing::host host;
    auto plugin = host.load(border_.descriptor());
    auto pending = plugin.begin(testing::get("/wait"));
    pending.disconnect();
    host.run();
    EXPECT_EQ(cancels_, 0);
    EXPECT_EQ(reply_late(host), MORTISE_E_CANCELLED);

    plugin.begin(testing::get("/wait"));
    plugin.unload();
    EXPECT_EQ(cancels_, 1);
    EXPECT_EQ(host.faults(), (texts{"border, GET /wait: reply(): is owed, also after the host "
                                    "gave up"}));
}

TEST_F(TestingExchange, LeavesOnAHalfCloseOnlyWhereTheRouteSaysSo) {
    add_waiting_route();
    testing::host host;
    auto plugin = host.load(border_.descriptor());
    auto pending = plugin.begin(testing::get("/wait"));
    pending.half_close();
    host.run();
    EXPECT_EQ(cancels_, 0);
    EXPECT_EQ(reply_late(host), MORTISE_OK);
    EXPECT_EQ(pending.content(), "late");
}

TEST_F(TestingExchange, LeavesOnAHalfCloseWhereTheRouteSaysSo) {
    add_waiting_route(MORTISE_ROUTE_HALF_CLOSE_LEAVES);
    testing::host host;
    auto plugin = host.load(border_.descriptor());
    auto pending = plugin.begin(testing::get("/wait"));
    pending.half_close();
    host.run();
    EXPECT_EQ(cancels_, 1);
    EXPECT_EQ(reply_late(host), MORTISE_E_CANCELLED);
}

TEST_F(TestingExchange, AnswersInThePluginsPlaceWhenItsTimeIsOver) {
    add_waiting_route();
    testing::host host;
    auto plugin = host.load(border_.descriptor());
    auto pending = plugin.begin(testing::get("/wait"));
    pending.time_out();
    host.run();
    EXPECT_EQ(pending.status(), 504u);
    EXPECT_EQ(cancels_, 1);
    EXPECT_EQ(reply_late(host), MORTISE_E_CANCELLED);
    EXPECT_EQ(pending.status(), 504u);
}

TEST_F(TestingExchange, TakesOnCancelBackAndForgetsItAfterTheReply) {
    add_waiting_route();
    testing::host host;
    auto plugin = host.load(border_.descriptor());
    auto first = plugin.begin(testing::get("/wait"));
    host.on_loop([&] { EXPECT_EQ(border_.host->on_cancel(exchange_, nullptr, nullptr), 0); });
    first.disconnect();
    host.run();
    reply_late(host);
    auto second = plugin.begin(testing::get("/wait"));
    reply_late(host);
    second.disconnect();
    host.run();
    EXPECT_EQ(cancels_, 0);
}

TEST_F(TestingExchange, KeepsTheRequestAndItsMemoryUntilTheReply) {
    add_waiting_route();
    testing::host host;
    auto plugin = host.load(border_.descriptor());
    plugin.begin(testing::get("/wait?x=1"));
    host.run();
    EXPECT_EQ((std::string_view{request_->query.data, request_->query.size}), "x=1");
    EXPECT_EQ(request_->loop, border_.loop);
    EXPECT_EQ(request_->loop_state, &border_);
    host.on_loop([&] {
        auto* const bytes = static_cast<char*>(border_.host->allocate(exchange_, 100, 64));
        ASSERT_NE(bytes, nullptr);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(bytes) % 64, 0u);
        std::memset(bytes, 'x', 100);
        EXPECT_EQ(border_.reply(exchange_, {bytes, 100}), MORTISE_OK);
    });
    EXPECT_EQ(host.faults(), texts{});
}

TEST_F(TestingExchange, KeepsMemoryUntilTheCallThatRepliesReturns) {
    const auto use = [this](mortise_exchange exchange, void* given, std::size_t size) {
        auto* const taken = border_.host->allocate(exchange, 8, 8);
        border_.reply(exchange, "early");
        std::memset(taken, 'x', 8);
        std::memset(given, 'x', size);
    };
    border_.on("GET", "/now", MORTISE_ROUTE_MAY_WAIT,
               [&](mortise_exchange exchange, const mortise_request& request) {
                   EXPECT_GE(request.memory_size, 1024u);
                   EXPECT_EQ(reinterpret_cast<std::uintptr_t>(request.memory) %
                                 alignof(std::max_align_t),
                             0u);
                   use(exchange, request.memory, request.memory_size);
                   return MORTISE_REPLIED;
               });
    add_waiting_route();
    testing::host host;
    auto plugin = host.load(border_.descriptor());
    EXPECT_EQ(plugin.send(testing::get("/now")).content(), "early");
    plugin.begin(testing::get("/wait"));
    host.on_loop([&] { use(exchange_, request_->memory, request_->memory_size); });
    plugin.unload();
    EXPECT_EQ(host.faults(), texts{});
}

TEST_F(TestingExchange, GivesMemoryWithTheRequestToRoutesThatWaitAlone) {
    border_.on("GET", "/plain", 0,
               [this](mortise_exchange exchange, const mortise_request& request) {
                   EXPECT_EQ(request.memory, nullptr);
                   EXPECT_EQ(request.memory_size, 0u);
                   return border_.reply(exchange, "plain");
               });
    testing::host host;
    auto plugin = host.load(border_.descriptor());
    EXPECT_EQ(plugin.send(testing::get("/plain")).content(), "plain");
}

TEST_F(TestingExchange, ShowsWhoWritesToMemoryAfterTheEnd) {
    if (testing::detail::has_address_sanitizer) {
        GTEST_SKIP() << "the sanitizer has the memory, and ends the program";
    }
    add_waiting_route();
    testing::host host;
    auto plugin = host.load(border_.descriptor());
    plugin.begin(testing::get("/wait"));
    char* bytes = nullptr;
    host.on_loop([&] {
        bytes = static_cast<char*>(border_.host->allocate(exchange_, 8, 8));
        border_.reply(exchange_, "late");
    });
    EXPECT_EQ(bytes[0], '\xdd');
    bytes[7] = 'x';
    plugin.unload();
    EXPECT_EQ(host.faults(),
              texts{"GET /wait: memory of the exchange was written to after its end"});
}

TEST_F(TestingExchange, ReleasesLentContentOnceAndInATurnOfItsOwn) {
    static int releases;
    releases = 0;
    static std::string lent;
    lent = "lent";
    border_.on("GET", "/lent", 0, [this](mortise_exchange exchange, const mortise_request&) {
        mortise_reply reply{};
        reply.size = sizeof reply;
        reply.status = 200;
        reply.content = view_of(lent);
        reply.release = [](void*) { ++releases; };
        const int before = releases;
        border_.host->reply(exchange, &reply);
        EXPECT_EQ(releases, before);
        return MORTISE_REPLIED;
    });
    testing::host host;
    auto plugin = host.load(border_.descriptor());
    EXPECT_EQ(plugin.send(testing::get("/lent")).content(), "lent");
    EXPECT_EQ(releases, 1);

    auto slow = plugin.begin(testing::get("/lent").reads_slowly(2));
    host.run();
    EXPECT_EQ(slow.content(), "le");
    EXPECT_EQ(releases, 1);
    slow.take(2);
    host.run();
    EXPECT_EQ(slow.content(), "lent");
    EXPECT_EQ(releases, 2);

    auto leaving = plugin.begin(testing::get("/lent").reads_slowly(2));
    leaving.disconnect();
    host.run();
    EXPECT_EQ(releases, 3);
    EXPECT_EQ(host.faults(), texts{});

    plugin.begin(testing::get("/lent"));
    lent = "changed";
    host.run();
    EXPECT_EQ(releases, 4);
    EXPECT_EQ(host.faults(), texts{"border, GET /lent: reply(): the lent content was changed "
                                   "before it was released"});
}

TEST_F(TestingExchange, RefusesWhatATestWantsRefused) {
    add_waiting_route();
    testing::host host;
    auto plugin = host.load(border_.descriptor());
    const auto pending = plugin.begin(testing::get("/wait"));
    host.refuse_next(testing::function::allocate, MORTISE_E_MEMORY);
    host.refuse_next(testing::function::reply, MORTISE_E_INVALID);
    host.on_loop([&] {
        EXPECT_EQ(border_.host->allocate(exchange_, 1, 1), nullptr);
        EXPECT_NE(border_.host->allocate(exchange_, 1, 1), nullptr);
    });
    EXPECT_EQ(reply_late(host), MORTISE_E_INVALID);
    EXPECT_EQ(pending.status(), 500u);
    EXPECT_TRUE(pending.is_over());
    EXPECT_EQ(host.faults(), texts{});
}

TEST_F(TestingExchange, GivesResultsOfHandlersTheirAnswers) {
    std::int32_t result = MORTISE_DECLINED;
    border_.on("GET", "/", 0, [&](mortise_exchange, const mortise_request&) { return result; });
    testing::host host;
    auto plugin = host.load(border_.descriptor());
    EXPECT_EQ(plugin.send(testing::get("/")).status(), 404u);
    result = MORTISE_E_FAILED;
    EXPECT_EQ(plugin.send(testing::get("/")).status(), 500u);
    EXPECT_EQ(host.faults(), texts{});
}

} // namespace
} // namespace mortise::test
