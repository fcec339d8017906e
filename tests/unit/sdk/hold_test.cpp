// SPDX-License-Identifier: BSL-1.0
// Plugins that are kept from being taken down.
#include "unit/sdk/border_plugin.hpp"
#include "unit/sdk/coroutine_plugin.hpp"

#include <mortise/abi/ext/hold.h>

#include <cstdint>
#include <gtest/gtest.h>
#include <optional>
#include <thread>

namespace mortise::test {
namespace {

class Hold : public ::testing::Test {
protected:
    coroutine_host served;
    std::optional<hold> held;

    testing::answer take() {
        return served.ask([this](exchange& exchange) -> task<response> {
            held.emplace(exchange, "the index is being written");
            co_return text("held");
        });
    }
};

TEST_F(Hold, EndsWithTheLastOfItsMoves) {
    take();
    hold moved = std::move(*held);
    held.reset();
    hold last = std::move(moved);
    std::thread{[last = std::move(last)] {}}.join();
    served.plugin.unload();
    EXPECT_TRUE(served.host.faults().empty());
}

TEST_F(Hold, IsWaitedForWithTheLoopRunning) {
    auto pending = served.begin([this](exchange& exchange) -> task<response> {
        held.emplace(exchange, "the index is being written");
        auto let_go = [this]() -> task<> {
            try {
                co_await sleep_for(1h);
            } catch (const cancelled&) {
                held.reset();
                throw;
            }
        };
        spawn(exchange, std::move(let_go));
        co_return text("held");
    });
    pending.finish();
    served.plugin.unload();
    EXPECT_FALSE(held);
    EXPECT_TRUE(served.host.faults().empty());
}

TEST(HoldBorder, NamesWhatIsNeverReleasedAndWhatIsReleasedTwice) {
    border_plugin border;
    testing::host host;
    auto plugin = host.load(border.descriptor());
    const auto& table = border.extension<mortise_hold>(MORTISE_HOLD_EXTENSION);
    std::uint64_t number = 0;
    ASSERT_EQ(table.hold(border.instance, view_of("writing"), &number), MORTISE_OK);
    EXPECT_EQ(table.release(border.instance, number), MORTISE_OK);
    EXPECT_EQ(table.release(border.instance, number), MORTISE_E_STATE);
    EXPECT_EQ(table.hold(border.instance, view_of(""), &number), MORTISE_E_INVALID);
    ASSERT_EQ(table.hold(border.instance, view_of("reading"), &number), MORTISE_OK);
    plugin.unload();
    const auto faults = host.faults();
    ASSERT_EQ(faults.size(), 3U);
    EXPECT_EQ(faults[0], "border: hold release(): it was released before");
    EXPECT_EQ(faults[1], "border: hold(): there is no reason, or no place for the number");
    EXPECT_EQ(faults[2], "border: is held at the end: reading");
}

TEST_F(Hold, IsRefusedWhereThePluginIsTakenDown) {
    served.host.refuse_next(testing::function::hold, MORTISE_E_CLOSED);
    EXPECT_EQ(take().status(), 503U);
    EXPECT_FALSE(held);
}

} // namespace
} // namespace mortise::test
