// SPDX-License-Identifier: BSL-1.0
// By what a request is known, over the border: what is told, to whom, and what is refused.
#include "plugin/filtered_response.hpp"
#include "unit/plugin/extension.hpp"
#include "unit/plugin/fixture.hpp"

#include <cstddef>
#include <cstring>
#include <gtest/gtest.h>
#include <string>
#include <thread>

namespace mortise::plugin {
namespace {

constexpr std::string_view trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

class IdentityExtension : public testing::Test {
protected:
    test::small_host host;
    test::served served{host, "sound"};
    const http::field fields[2] = {{"X-Request-Id", "theirs"}, {"traceparent", trace}};
    loopback::exchange exchange{http::method::get, "/sound/x"};
    mortise_exchange number = host.table.hold(exchange, *served.plugin().handlers()[0]);
    mortise_identity told{};

    IdentityExtension() { told.size = sizeof told; }
    std::int32_t ask() { return test::identity().of_exchange(number, &told); }
};

TEST_F(IdentityExtension, TellsIdTraceAndClient) {
    exchange.head().fields = fields;
    exchange.set_peer_trusted();
    exchange.set_client_address("2001:db8::1");
    ASSERT_EQ(ask(), MORTISE_OK);
    EXPECT_EQ(told.size, sizeof told);
    EXPECT_EQ(from_abi(told.request_id), "theirs");
    EXPECT_EQ(from_abi(told.traceparent), trace);
    EXPECT_EQ(from_abi(told.trace_id), "4bf92f3577b34da6a3ce929d0e0e4736");
    EXPECT_EQ(from_abi(told.parent_id), "00f067aa0ba902b7");
    EXPECT_EQ(told.trace_flags, 1U);
    EXPECT_EQ(from_abi(told.client_address), "2001:db8::1");
}

TEST_F(IdentityExtension, TellsTheSameEachTimeWithoutNewMemory) {
    ASSERT_EQ(ask(), MORTISE_OK);
    const mortise_identity first = told;
    ASSERT_EQ(ask(), MORTISE_OK);
    EXPECT_EQ(std::memcmp(&first, &told, sizeof told), 0);
    EXPECT_EQ(from_abi(told.request_id), exchange.request_id());
}

TEST_F(IdentityExtension, LeavesATraceEmptyThatIsNone) {
    const http::field broken[] = {{"traceparent", trace.substr(0, 54)}};
    exchange.head().fields = broken;
    told.trace_flags = 7;
    ASSERT_EQ(ask(), MORTISE_OK);
    EXPECT_EQ(told.traceparent.size + told.trace_id.size + told.parent_id.size, 0U);
    EXPECT_EQ(told.trace_flags, 0U);
    EXPECT_EQ(told.request_id.size, 32U);
}

TEST_F(IdentityExtension, WritesNoMoreThanTheWriterKnows) {
    struct {
        mortise_identity known;
        std::uint64_t behind;
    } larger{{}, 42};
    larger.known.size = sizeof larger;
    ASSERT_EQ(test::identity().of_exchange(number, &larger.known), MORTISE_OK);
    EXPECT_EQ(larger.known.size, sizeof(mortise_identity));
    EXPECT_EQ(larger.behind, 42U);
}

TEST_F(IdentityExtension, RefusesNoPlaceAndOneThatIsTooSmall) {
    EXPECT_EQ(test::identity().of_exchange(number, nullptr), MORTISE_E_INVALID);
    told.size = offsetof(mortise_identity, client_address);
    EXPECT_EQ(ask(), MORTISE_E_INVALID);
    EXPECT_EQ(told.request_id.size, 0U);
    EXPECT_EQ(host.reports.count("GET /sound/{name}: identity of_exchange(): the identity is null, "
                                 "or its size is smaller than mortise_identity"),
              2U);
}

TEST_F(IdentityExtension, TellsOfAClientThatHasLeft) {
    exchange.abandon({499, "The client has left"});
    ASSERT_EQ(ask(), MORTISE_OK);
    EXPECT_EQ(from_abi(told.client_address), "192.0.2.1");
}

TEST_F(IdentityExtension, TellsNothingOfAnExchangeThatIsOver) {
    served.handle(exchange, 2); // which reads nothing of the request
    host.table.take(number);
    EXPECT_EQ(ask(), MORTISE_E_STATE);
    EXPECT_EQ(host.reports.count("identity of_exchange(): the exchange is over, or never was"), 1U);
}

TEST_F(IdentityExtension, TellsNothingOnAnotherThread) {
    std::int32_t result = MORTISE_OK;
    std::thread{[&] { result = ask(); }}.join();
    EXPECT_EQ(result, MORTISE_E_THREAD);
    EXPECT_EQ(host.reports.count("identity of_exchange(): called on a thread that is not"), 1U);
}

TEST_F(IdentityExtension, TellsNothingOfAResponseThatIsNotUnderWay) {
    mortise_response* const none = nullptr;
    EXPECT_EQ(test::identity().of_response(none, &told), MORTISE_E_STATE);
}

TEST_F(IdentityExtension, IsInTheLogWithTheNumberOfTheExchange) {
    mortise_log_line line{};
    line.size = sizeof line;
    line.level = MORTISE_LOG_INFO;
    line.text = to_abi("about it");
    line.exchange = number;
    auto* const by = served.plugin().abi();
    test::log().write(by, &line);
    std::thread{[&] { test::log().write(by, &line); }}.join(); // which may not touch the exchange
    const std::string id{exchange.request_id()};
    EXPECT_EQ(host.reports.count("about it exchange="), 2U);
    EXPECT_EQ(host.reports.count(" request_id=" + id), 1U);
    served.handle(exchange, 2); // which reads nothing of the request
    host.table.take(number);
    test::log().write(by, &line);
    EXPECT_EQ(host.reports.count("about it exchange="), 3U);
    EXPECT_EQ(host.reports.count(" request_id="), 1U);
}

} // namespace
} // namespace mortise::plugin
