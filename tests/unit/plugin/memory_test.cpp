// SPDX-License-Identifier: BSL-1.0
// Where there is no memory for a request: it is answered, and nothing stays held.
#include "plugin/reply.hpp"
#include "unit/http1/failing_allocation.hpp"
#include "unit/plugin/fixture.hpp"
#include "unit/replaced_new.hpp"

#include <gtest/gtest.h>

namespace mortise::plugin {
namespace {

using http::method;
using http1::test::allocation_fuse;

class PluginMemory : public testing::Test {
protected:
    void SetUp() override {
        if (!NEW_MAY_BE_REPLACED) {
            GTEST_SKIP() << "its allocations cannot be made to fail";
        }
    }

    test::small_host host;
    std::vector<http::field> fields = std::vector<http::field>(200, {"X-Many", "more than fit"});

    // A request that needs more memory than an exchange has at first.
    void enlarge(loopback::exchange& exchange) { exchange.head().fields = fields; }

    // Lets each allocation of `ask` fail in turn; it is given a fresh exchange each time.
    template <class Ask>
    void fail_each(method asked, std::string_view path, test::served& plugin, Ask ask) {
        for (std::size_t allocation = 0;; ++allocation) {
            loopback::exchange exchange{asked, path};
            enlarge(exchange);
            allocation_fuse fuse{allocation};
            ask(exchange, fuse);
            if (!fuse.has_blown()) {
                EXPECT_GT(allocation, 0U);
                EXPECT_FALSE(exchange.response()); // its plugin holds it
                host.table.answer_held({503, "Service Unavailable"});
                return;
            }
            ASSERT_TRUE(exchange.response()) << allocation;
            EXPECT_EQ(exchange.response()->status, 503U) << allocation;
            EXPECT_EQ(host.table.held(), 0U);
            EXPECT_EQ(plugin.plugin().pins(), 0U);
        }
    }
};

TEST_F(PluginMemory, IsMissingForARouteThatWaits) {
    test::served plugin{host, "never_replies"};
    fail_each(method::get, "/fault", plugin, [&](auto& exchange, auto& fuse) {
        const allocation_fuse::scope scope{&fuse};
        plugin.handle(exchange);
    });
}

TEST_F(PluginMemory, IsMissingAndNoPlaceInFlightIsLost) {
    host.limits["*"] = {.requests = 1, .time = base::milliseconds{1000}, .memory = 1024 * 1024};
    test::served plugin{host, "never_replies"};
    fail_each(method::get, "/fault", plugin, [&](auto& exchange, auto& fuse) {
        const allocation_fuse::scope scope{&fuse};
        plugin.handle(exchange);
    });
}

TEST_F(PluginMemory, IsBoundedForARoutesRequest) {
    host.limits["never-replies"] = {.memory = 4096};
    test::served plugin{host, "never_replies"};
    loopback::exchange exchange{method::get, "/fault"};
    enlarge(exchange);
    plugin.handle(exchange);
    EXPECT_EQ(exchange.response()->status, 503U);
    EXPECT_EQ(host.table.held(), 0U);
}

TEST_F(PluginMemory, IsBoundedForContentThatIsGathered) {
    constexpr std::size_t echo = 1; // the route's place
    host.limits["sound"] = {.memory = 16 * 1024};
    test::served plugin{host, "sound"};
    loopback::exchange exchange{method::post, "/echo"};
    exchange.head().framing = http::content_framing::chunked;
    for (int piece = 0; piece != 20; ++piece) {
        exchange.give_piece(std::string(1000, 'x'));
    }
    exchange.end_content();
    plugin.handle(exchange, echo);
    ASSERT_TRUE(exchange.response());
    EXPECT_EQ(exchange.response()->status, 503U);
    EXPECT_EQ(plugin.plugin().pins(), 0U);
}

TEST_F(PluginMemory, IsMissingForARouteThatAnswersAtOnce) {
    test::served plugin{host, "sound"};
    loopback::exchange exchange{method::get, "/"};
    enlarge(exchange);
    allocation_fuse fuse{0};
    {
        const allocation_fuse::scope scope{&fuse};
        plugin.handle(exchange);
    }
    EXPECT_TRUE(fuse.has_blown());
    EXPECT_EQ(exchange.response()->status, 503U);
    EXPECT_EQ(host.table.held(), 0U);
}

TEST_F(PluginMemory, IsMissingForContentThatIsThere) {
    constexpr std::size_t echo = 1; // the route's place
    test::served plugin{host, "sound"};
    for (std::size_t allocation = 0; allocation != 2; ++allocation) {
        loopback::exchange exchange{method::post, "/echo"};
        exchange.head().framing = http::content_framing::chunked;
        for (int piece = 0; piece != 20; ++piece) {
            exchange.give_piece(std::string(1000, 'x'));
        }
        exchange.end_content();
        allocation_fuse fuse{allocation};
        {
            const allocation_fuse::scope scope{&fuse};
            plugin.handle(exchange, echo);
        }
        ASSERT_TRUE(fuse.has_blown() && exchange.response()) << allocation;
        EXPECT_EQ(exchange.response()->status, 503U);
        EXPECT_EQ(plugin.plugin().pins(), 0U);
    }
}

TEST_F(PluginMemory, IsMissingForContentThatIsWaitedFor) {
    constexpr std::size_t echo = 1; // the route's place
    test::served plugin{host, "sound"};
    loopback::exchange exchange{method::post, "/echo"};
    exchange.head().framing = http::content_framing::chunked;
    plugin.handle(exchange, echo);
    EXPECT_EQ(plugin.plugin().pins(), 1U);
    const std::string piece(1000, 'x');
    for (int count = 0; count != 20 && !exchange.response(); ++count) {
        allocation_fuse fuse{0};
        exchange.queue_piece(piece);
        const allocation_fuse::scope scope{&fuse};
        exchange.go_on();
    }
    ASSERT_TRUE(exchange.response());
    EXPECT_EQ(exchange.response()->status, 503U);
    EXPECT_EQ(plugin.plugin().pins(), 0U);
}

TEST_F(PluginMemory, IsMissingForAReply) {
    test::served plugin{host, "never_replies"};
    const std::vector<mortise_field> many(500, {{"X-Many", 6}, {"value", 5}});
    int released = 0;
    const mortise_reply answer{.size = sizeof answer,
                               .status = 200,
                               .field_count = static_cast<std::uint32_t>(many.size()),
                               .reserved = 0,
                               .fields = many.data(),
                               .content = {"lent", 4},
                               .release = [](void* count) { ++*static_cast<int*>(count); },
                               .release_argument = &released};
    loopback::exchange exchange{method::get, "/fault"};
    const auto number = host.table.hold(exchange, *plugin.plugin().handlers()[0]);
    allocation_fuse fuse{0};
    {
        const allocation_fuse::scope scope{&fuse};
        EXPECT_EQ(reply(number, &answer), MORTISE_E_MEMORY);
    }
    EXPECT_TRUE(fuse.has_blown());
    EXPECT_EQ(exchange.response()->status, 503U);
    EXPECT_EQ(released, 1);
    EXPECT_EQ(host.table.held(), 0U);
    EXPECT_EQ(plugin.plugin().pins(), 0U);
}

} // namespace
} // namespace mortise::plugin
