// SPDX-License-Identifier: BSL-1.0
// By what a request is known, as handlers and filters ask for it, behind the testing host.
#include "unit/sdk/fake_request.hpp"

#include <mortise/sdk.hpp>
#include <mortise/testing.hpp>

#include <chrono>
#include <gtest/gtest.h>
#include <stdexcept>
#include <string>

namespace mortise::test {
namespace {

using namespace std::chrono_literals;

constexpr const char* trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

response tell(const identity& who) {
    return text(who.request_id(), ' ', who.traceparent(), ' ', who.trace_id(), ' ', who.parent_id(),
                ' ', who.is_recorded() ? "recorded" : "not recorded", ' ', who.client_address());
}

struct asking {
    void routes(mortise::routes& on) {
        on.get("/plain", [](const request& request) { return tell(request.identity()); });
        on.get("/waits", [](exchange& exchange) -> task<response> {
            const identity before = exchange.identity();
            co_await sleep_for(1s);
            const identity after = exchange.request().identity();
            co_return before.request_id() == after.request_id() ? tell(before) : text("another");
        });
        on.get("/blocks", blocking, [](const request&, const identity& who) { return tell(who); });
        on.get("/blocks-and-asks", blocking,
               [](const request& request) { return tell(request.identity()); });
        on.get("/leaves", [](exchange& exchange) -> task<response> {
            const log log = exchange.log();
            try {
                co_await sleep_for(1h);
            } catch (const cancelled&) {
                const identity who = exchange.identity();
                log.info(who.request_id(), ' ', who.client_address());
                throw;
            }
            co_return text("never");
        });
    }
    void filters(mortise::filters& in) {
        in.on_both(
            "named",
            [](const request& request) -> std::optional<response> {
                if (request.query() == "filter") {
                    return tell(request.identity());
                }
                return std::nullopt;
            },
            [](const request& request, response_head& head) {
                head.set_field("X-Request-Id", request.identity().request_id());
            });
    }
};

class RequestIdentity : public ::testing::Test {
protected:
    std::string ask(const std::string& target) {
        return std::string{plugin_
                               .send(testing::get(target)
                                         .with_request_id("theirs")
                                         .with_client_address("2001:db8::1")
                                         .with_field("Traceparent", trace))
                               .content()};
    }

    testing::host host_;
    testing::plugin plugin_ = host_.load<asking>();
};

TEST_F(RequestIdentity, IsToldToEveryKindOfHandlerAndFilter) {
    for (const auto* target : {"/plain", "/waits", "/blocks", "/nowhere?filter"}) {
        EXPECT_EQ(ask(target), std::string{"theirs "} + trace +
                                   " 4bf92f3577b34da6a3ce929d0e0e4736 00f067aa0ba902b7 recorded "
                                   "2001:db8::1")
            << target;
    }
}

TEST_F(RequestIdentity, IsToldBehindAResponse) {
    const auto answer = plugin_.send(testing::get("/plain").with_request_id("theirs"));
    EXPECT_EQ(answer.field("X-Request-Id"), "theirs");
}

TEST_F(RequestIdentity, IsAnotherForEachRequestWhereTheTestSaysNothing) {
    const auto first = plugin_.send(testing::get("/plain"));
    const auto second = plugin_.send(testing::get("/plain"));
    EXPECT_EQ(first.field("X-Request-Id")->size(), 32U);
    EXPECT_NE(first.field("X-Request-Id"), second.field("X-Request-Id"));
    EXPECT_TRUE(first.content().ends_with("    not recorded 127.0.0.1")) << first.content();
}

TEST_F(RequestIdentity, HasATraceOnlyWhereTheFieldKeepsItsRules) {
    const std::string sound{trace};
    const auto traced = [&](const std::string& value) {
        const auto all = std::string{
            plugin_.send(testing::get("/plain").with_field("traceparent", value)).content()};
        return all.substr(33, all.find(' ', 33) - 33);
    };
    const auto changed = [&](std::size_t at, const std::string& by) {
        return std::string{sound}.replace(at, by.size(), by);
    };
    EXPECT_EQ(traced(changed(53, "fe")), changed(53, "fe"));
    EXPECT_EQ(traced(changed(0, "cc") + "-more"), sound);
    EXPECT_EQ(traced(changed(0, "cc").replace(53, 2, "f2")), changed(53, "00"));
    for (const auto& broken :
         {sound.substr(0, 54), sound + "-", changed(0, "ff"), changed(0, "cc") + ".more",
          changed(3, std::string(32, '0')), changed(36, std::string(16, '0')), changed(3, "4BF9"),
          changed(2, "_"), changed(35, "_"), changed(52, "_"), changed(53, "g1")}) {
        EXPECT_EQ(traced(broken), "") << broken;
    }
    const auto twice = plugin_.send(
        testing::get("/plain").with_field("traceparent", sound).with_field("Traceparent", sound));
    EXPECT_EQ(twice.content().find("00-"), std::string::npos);
}

TEST_F(RequestIdentity, IsToldAlsoWhenTheClientHasLeft) {
    auto pending =
        plugin_.begin(testing::get("/leaves").with_request_id("theirs").with_client_address("::1"));
    pending.disconnect();
    host_.run();
    ASSERT_FALSE(host_.log().empty());
    EXPECT_EQ(host_.log()[0].text, "theirs ::1");
}

TEST_F(RequestIdentity, IsNotAskedForOnThePool) {
    EXPECT_EQ(plugin_.send(testing::get("/blocks-and-asks")).status(), 500U);
    EXPECT_EQ(host_.faults(), std::vector<std::string>{"identity of_exchange(): called on a thread "
                                                       "that is not the event loop"});
    EXPECT_NE(host_.log()[0].text.find("a blocking handler takes it as its second parameter"),
              std::string::npos);
}

TEST_F(RequestIdentity, IsNotWrittenWhereThereIsTooLittleRoom) {
    const auto* const table = static_cast<const mortise_identity_calls*>(
        testing::host::table().extension(detail::to_abi(MORTISE_IDENTITY_EXTENSION)));
    auto pending = plugin_.begin(testing::get("/leaves"));
    mortise_identity told{};
    told.size = sizeof told - 1;
    host_.on_loop([&] {
        EXPECT_EQ(table->of_exchange(1, &told), MORTISE_E_STATE);
        EXPECT_EQ(table->of_response(nullptr, &told), MORTISE_E_STATE);
    });
    EXPECT_EQ(told.request_id.size, 0U);
    pending.disconnect();
    host_.run();
}

TEST(RequestIdentityOfNoHost, IsALogicError) {
    fake_request made;
    EXPECT_THROW(request{made.raw()}.identity(), std::logic_error);
}

} // namespace
} // namespace mortise::test
