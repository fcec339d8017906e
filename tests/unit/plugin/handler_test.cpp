// SPDX-License-Identifier: BSL-1.0
// What a handler is given, and what its result may be.
#include "unit/plugin/fixture.hpp"

#include <gtest/gtest.h>

namespace mortise::plugin {
namespace {

using http::method;

// GET /fault of the plugin `name`: the status that the client gets.
unsigned status_of(test::small_host& host, const std::string& name) {
    test::served plugin{host, name};
    loopback::exchange exchange{method::get, "/fault"};
    plugin.handle(exchange);
    EXPECT_EQ(host.table.held(), 0U);
    return exchange.response() ? exchange.response()->status : 0;
}

TEST(Handler, GivesTheWholeRequest) {
    test::small_host host;
    test::served sound{host, "sound"};
    loopback::exchange exchange{method::head, "/sound/Ada"};
    const http::field fields[] = {{"Accept", "text/plain"}, {"X", "Y"}};
    exchange.head().fields = fields;
    exchange.head().query = "a=b";
    exchange.head().target = "/sound/Ada?a=b";
    exchange.head().framing = http::content_framing::length;
    exchange.head().content_length = 5;
    exchange.head().version_minor = 0;
    exchange.add_parameter({"name", "Ada"});
    sound.handle(exchange);
    ASSERT_TRUE(exchange.response());
    EXPECT_EQ(exchange.response()->status, 200U);
    EXPECT_EQ(exchange.response()->content,
              "HEAD /sound/Ada?a=b /sound/Ada a=b localhost name=Ada Accept=text/plain 10 5 7");
    EXPECT_FALSE(exchange.is_kept());
}

TEST(Handler, SaysThatChunkedContentHasNoLength) {
    test::small_host host;
    test::served sound{host, "sound"};
    loopback::exchange exchange{method::get, "/sound/Ada"};
    const http::field fields[] = {{"A", "B"}};
    exchange.head().fields = fields;
    exchange.head().framing = http::content_framing::chunked;
    exchange.add_parameter({"name", "Ada"});
    sound.handle(exchange);
    EXPECT_EQ(exchange.response()->content,
              "GET /sound/Ada /sound/Ada  localhost name=Ada A=B 11 -1 7");
}

TEST(Handler, AnswersNotFoundForADeclinedRequest) {
    test::small_host host;
    EXPECT_EQ(status_of(host, "declines"), 404U);
    EXPECT_EQ(host.reports.lines().size(), 0U);
}

struct result_fault {
    const char* plugin;
    const char* line;
};
class HandlerFault : public testing::TestWithParam<result_fault> {};

TEST_P(HandlerFault, IsAnsweredWithInternalErrorAndNamed) {
    test::small_host host;
    EXPECT_EQ(status_of(host, GetParam().plugin), 500U);
    EXPECT_EQ(host.reports.lines(), std::vector<std::string>{GetParam().line});
}

INSTANTIATE_TEST_SUITE_P(
    Results, HandlerFault,
    testing::Values(
        result_fault{"replies_nothing", "<3> replies-nothing: 1.0.0: GET /fault: returned "
                                        "MORTISE_REPLIED without a reply"},
        result_fault{"waits_unasked", "<3> waits-unasked: 1.0.0: GET /fault: returned "
                                      "MORTISE_PENDING on a route without MORTISE_ROUTE_MAY_WAIT"},
        result_fault{"fails_in_handle",
                     "<3> fails-in-handle: 1.0.0: GET /fault: failed with code -1"},
        result_fault{"unknown_result",
                     "<3> unknown-result: 1.0.0: GET /fault: returned an unknown result 77"},
        result_fault{"throws_in_handle", "<3> throws-in-handle: 1.0.0: GET /fault: let an "
                                         "exception cross the border"}),
    [](const auto& each) { return std::string{each.param.plugin}; });

TEST(Handler, ReportsWaitingAfterAReply) {
    test::small_host host;
    EXPECT_EQ(status_of(host, "waits_after_reply"), 200U);
    EXPECT_EQ(host.reports.count("GET /fault: returned MORTISE_PENDING after it had replied"), 1U);
}

TEST(Handler, LeavesTheExchangeToARouteThatWaits) {
    test::small_host host;
    test::served plugin{host, "never_replies"};
    loopback::exchange exchange{method::get, "/fault"};
    plugin.handle(exchange);
    EXPECT_FALSE(exchange.response());
    EXPECT_EQ(host.table.held_by(plugin.plugin()), 1U);
    host.table.answer_held({503, "Service Unavailable"});
    EXPECT_EQ(exchange.response()->status, 503U);
    EXPECT_EQ(host.table.held(), 0U);
}

TEST(Handler, KeepsTheRequestOfARouteThatWaits) {
    test::small_host host;
    test::served plugin{host, "replies_later"};
    std::string path = "/later/Ada";
    loopback::exchange exchange{method::get, path};
    exchange.lies_in(path);
    exchange.add_parameter({"name", std::string_view{path}.substr(7)});
    plugin.handle(exchange);
    path.assign(path.size(), '?'); // as the next request in the same buffer would
    host.run_one();
    ASSERT_TRUE(exchange.response());
    EXPECT_EQ(exchange.response()->content, "Ada");
}

TEST(Handler, LetsAWaitingPluginReplyOnItsLoop) {
    test::small_host host;
    test::served plugin{host, "replies_later"};
    loopback::exchange exchange{method::get, "/later/Ada"};
    exchange.add_parameter({"name", "Ada"});
    plugin.handle(exchange);
    EXPECT_FALSE(exchange.response());
    host.run_one();
    ASSERT_TRUE(exchange.response());
    EXPECT_EQ(exchange.response()->content, "Ada");
    EXPECT_EQ(host.reports.count("<3> replies-later: 1.0.0: reply(): the exchange was replied to "
                                 "before, or never was"),
              1U);
    EXPECT_EQ(host.reports.lines().size(), 1U);
}

} // namespace
} // namespace mortise::plugin
