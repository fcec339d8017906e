// SPDX-License-Identifier: BSL-1.0
// Whose names are believed, and what names are made.
#include "http/identity.hpp"
#include "loopback/exchange.hpp"

#include <gtest/gtest.h>
#include <set>
#include <string>

namespace mortise::http {
namespace {

constexpr std::string_view sound = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

TEST(TraceParent, IsCutIntoItsParts) {
    const auto parsed = parse_trace_parent(sound);
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
    EXPECT_EQ(parsed->parent_id, "00f067aa0ba902b7");
    EXPECT_EQ(parsed->flags, 1);
    std::string flagged{sound};
    flagged.replace(53, 2, "fe");
    EXPECT_EQ(parse_trace_parent(flagged)->flags, 0xfe);
}

TEST(TraceParent, MayHaveMoreInAHigherVersion) {
    std::string higher{sound};
    higher.replace(0, 2, "cc");
    EXPECT_TRUE(parse_trace_parent(higher));
    EXPECT_TRUE(parse_trace_parent(higher + "-what-else"));
    EXPECT_FALSE(parse_trace_parent(higher + ".what"));
}

TEST(TraceParent, IsIgnoredWhereItBreaksARule) {
    std::set<std::string> bad{"",
                              "00",
                              std::string{sound.substr(0, 54)},
                              std::string{sound} + "-",
                              std::string{sound} + "0",
                              " " + std::string{sound}};
    const auto changed = [](std::size_t at, std::string_view by) {
        std::string text{sound};
        return text.replace(at, by.size(), by);
    };
    bad.insert(changed(0, "ff"));
    bad.insert(changed(0, "0x"));
    bad.insert(changed(3, "4BF9"));
    bad.insert(changed(3, std::string(32, '0')));
    bad.insert(changed(36, std::string(16, '0')));
    bad.insert(changed(40, "g"));
    bad.insert(changed(53, "0A"));
    for (const std::size_t dash : {2U, 35U, 52U}) {
        bad.insert(changed(dash, "_"));
    }
    for (const auto& each : bad) {
        EXPECT_FALSE(parse_trace_parent(each)) << each;
    }
}

TEST(TraceParent, IsThatOfTheOnlyField) {
    const field twice[] = {{"TraceParent", sound}, {"Accept", "*/*"}, {"traceparent", sound}};
    EXPECT_TRUE(find_trace_parent(std::span{twice}.first(2)));
    EXPECT_FALSE(find_trace_parent(twice));
    EXPECT_FALSE(find_trace_parent(std::span{twice}.subspan(1, 1)));
}

TEST(TraceParent, GoesOnAsItCame) {
    const auto written = [](const std::string& value) {
        const auto text = write_trace_parent(*parse_trace_parent(value));
        return std::string{text.data(), text.size()};
    };
    std::string flagged{sound};
    flagged.replace(53, 2, "fe");
    EXPECT_EQ(written(std::string{sound}), sound);
    EXPECT_EQ(written(flagged), flagged);
}

TEST(TraceParent, GoesOnInTheVersionThatThisHostKnows) {
    for (const auto& [flags, known] : {std::pair{"ff", "01"}, std::pair{"fe", "00"}}) {
        std::string higher{sound};
        higher.replace(0, 2, "cc").replace(53, 2, flags);
        const auto text = write_trace_parent(*parse_trace_parent(higher + "-what-else"));
        EXPECT_EQ((std::string{text.data(), text.size()}),
                  std::string{sound.substr(0, 53)} + known);
    }
}

TEST(RequestId, IsTakenWhereItIsPlain) {
    const auto taken = [](std::string_view value) {
        const field fields[] = {{"x-request-id", value}};
        return find_request_id(fields) == value && !value.empty();
    };
    EXPECT_TRUE(taken("a"));
    EXPECT_TRUE(taken("Ab9-._~+/=:@"));
    EXPECT_TRUE(taken(std::string(128, 'x')));
    EXPECT_FALSE(taken(std::string(129, 'x')));
    for (const auto* const bad : {"", "a b", "a\"", "a,b", "\xc3\xa9", "<a>"}) {
        EXPECT_FALSE(taken(bad)) << bad;
    }
    const field twice[] = {{"X-Request-Id", "a"}, {"X-Request-Id", "a"}};
    EXPECT_EQ(find_request_id(twice), "");
}

TEST(RequestId, IsAnotherEachTime) {
    std::set<std::string> made;
    for (int count = 0; count < 1000; ++count) {
        const auto id = make_random_id();
        const std::string text{id.data(), id.size()};
        EXPECT_EQ(text.find_first_not_of("0123456789abcdef"), text.npos);
        made.insert(text);
    }
    EXPECT_EQ(made.size(), 1000U);
}

TEST(RequestId, IsMadeOnceForAnExchange) {
    loopback::exchange exchange{method::get, "/"};
    const std::string first{exchange.request_id()};
    EXPECT_EQ(first.size(), 32U);
    EXPECT_EQ(exchange.request_id(), first);
}

TEST(RequestId, IsTheClientsOnlyWhereItIsTrusted) {
    const field fields[] = {{"X-Request-Id", "from-afar"}};
    loopback::exchange stranger{method::get, "/"};
    stranger.head().fields = fields;
    EXPECT_NE(stranger.request_id(), "from-afar");
    loopback::exchange proxy{method::get, "/"};
    proxy.head().fields = fields;
    proxy.set_peer_trusted();
    EXPECT_EQ(proxy.request_id(), "from-afar");
}

TEST(ExchangeIdentity, IsMadeOnceOfAllThatIsKnown) {
    std::string traced{sound};
    const field fields[] = {{"traceparent", traced}};
    loopback::exchange exchange{method::get, "/"};
    exchange.head().fields = fields;
    const std::string id{exchange.request_id()};
    const auto& known = exchange.known_as();
    EXPECT_EQ(known.request_id, id);
    EXPECT_EQ(known.client_address, "192.0.2.1");
    traced.replace(0, traced.size(), traced.size(), 'x'); // the request's text may go
    EXPECT_EQ(known.trace_parent, sound);
    EXPECT_EQ(&exchange.known_as(), &known);
    EXPECT_EQ(exchange.request_id().data(), known.request_id.data());
}

TEST(ExchangeIdentity, HasNoTraceWhereTheRequestHasNone) {
    loopback::exchange exchange{method::get, "/"};
    EXPECT_EQ(exchange.known_as().trace_parent, "");
    EXPECT_EQ(exchange.known_as().request_id.size(), 32U);
}

} // namespace
} // namespace mortise::http
