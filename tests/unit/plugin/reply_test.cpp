// SPDX-License-Identifier: BSL-1.0
// Replies that are sent, and replies that are refused.
#include "plugin/reply.hpp"
#include "unit/plugin/fixture.hpp"

#include <gtest/gtest.h>

namespace mortise::plugin {
namespace {

using http::method;

TEST(Reply, IsRefusedTheSecondTime) {
    test::small_host host;
    test::served plugin{host, "replies_twice"};
    loopback::exchange exchange{method::get, "/fault"};
    plugin.handle(exchange);
    EXPECT_EQ(exchange.response()->content, "first");
    EXPECT_EQ(
        host.reports.lines(),
        std::vector<std::string>{"<3> replies-twice: 1.0.0: reply(): the exchange was replied "
                                 "to before, or never was"});
}

TEST(Reply, IsRefusedFromAnotherThread) {
    test::small_host host;
    test::served plugin{host, "replies_from_thread"};
    loopback::exchange exchange{method::get, "/fault"};
    plugin.handle(exchange);
    EXPECT_EQ(exchange.response()->content, "from the loop");
    EXPECT_EQ(
        host.reports.lines(),
        std::vector<std::string>{"<3> replies-from-thread: 1.0.0: reply(): called on a thread "
                                 "that is not the exchange's loop: a thread that the "
                                 "host did not start"});
}

TEST(Reply, ReleasesLentContentOnce) {
    test::small_host host;
    test::served sound{host, "sound"};
    loopback::exchange exchange{method::get, "/lend"};
    sound.handle(exchange, 2);
    EXPECT_EQ(exchange.response()->content, "lent");
    EXPECT_EQ(host.reports.count("released"), 1U);
}

TEST(Reply, IsTooLateWhereTheConnectionHasAnswered) {
    test::small_host host;
    test::served served{host, "never_replies"};
    loopback::exchange exchange{method::get, "/fault"};
    const auto number = host.table.hold(exchange, *served.plugin().handlers()[0]);
    exchange.answer_by_connection();
    const mortise_reply answer{sizeof answer, 200, 0, 0, nullptr, {nullptr, 0}, nullptr, nullptr};
    EXPECT_EQ(reply(number, &answer), MORTISE_E_CANCELLED);
    EXPECT_EQ(reply(number, &answer), MORTISE_E_STATE);
}

struct bad_reply {
    const char* path;
    const char* rule;
    bool is_released = true;
};
class BadReply : public testing::TestWithParam<bad_reply> {};

TEST_P(BadReply, IsAnsweredWithInternalErrorAndNamed) {
    test::small_host host;
    test::served plugin{host, "replies_badly"};
    loopback::exchange exchange{method::get, GetParam().path};
    exchange.add_parameter({"which", GetParam().path});
    plugin.handle(exchange);
    EXPECT_EQ(exchange.response()->status, 500U);
    EXPECT_EQ(
        host.reports.count("1.0.0: GET /fault/{which}: reply(): " + std::string{GetParam().rule}),
        1U);
    EXPECT_EQ(host.reports.count("released"), GetParam().is_released ? 1U : 0U);
    EXPECT_EQ(host.reports.count("not refused"), 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Rules, BadReply,
    testing::Values(bad_reply{"1", "the reply is null, or its size is smaller", false},
                    bad_reply{"2", "the status is not between 200 and 599"},
                    bad_reply{"3", "the status is not between 200 and 599"},
                    bad_reply{"4", "the fields are null, or more than 1024"},
                    bad_reply{"5", "the fields are null, or more than 1024"},
                    bad_reply{"6", "a field's name or value is null with a size"},
                    bad_reply{"7", "the content is null with a size"},
                    bad_reply{"8", "the content is null with a size"}));

class BadField : public testing::TestWithParam<std::string> {};

TEST_P(BadField, IsRefusedByTheExchange) {
    test::small_host host;
    test::served plugin{host, "bad_fields"};
    loopback::exchange exchange{method::get, "/fault/x"};
    exchange.add_parameter({"value", GetParam()});
    plugin.handle(exchange);
    EXPECT_EQ(exchange.response()->status, 500U);
    EXPECT_EQ(host.reports.lines(),
              std::vector<std::string>{"<3> bad-fields: 1.0.0: GET /fault/{value}: reply(): its "
                                       "status, a field name or a field value may not be sent"});
}

INSTANTIATE_TEST_SUITE_P(Octets, BadField,
                         testing::Values("a\rb", "a\nb", std::string{"a\0b", 3},
                                         "a\r\nSet-Cookie: b"));

} // namespace
} // namespace mortise::plugin
