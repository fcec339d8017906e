// SPDX-License-Identifier: BSL-1.0
// Exchanges that are used again, each as clean as the first time.
#include "http1/exchange.hpp"
#include "http1/exchange_pool.hpp"
#include "unit/http1/served.hpp"

#include <gtest/gtest.h>

namespace mortise::http1 {
namespace {

struct ExchangePool : testing::Test {
    http1::settings settings;
    test::scripted_handler handler;
    http1::workspace workspace{settings, handler, nullptr};
    exchange_pool& pool = workspace.exchanges;
};

TEST_F(ExchangePool, CountsWhatIsOut) {
    auto& one = pool.take(workspace);
    auto& two = pool.take(workspace);
    EXPECT_NE(&one, &two);
    EXPECT_EQ(pool.in_use(), 2U);
    pool.give_back(one);
    EXPECT_EQ(pool.in_use(), 1U);
    pool.give_back(two);
    EXPECT_EQ(pool.in_use(), 0U);
}

TEST_F(ExchangePool, GivesTheSameExchangeAgain) {
    auto& one = pool.take(workspace);
    pool.give_back(one);
    EXPECT_EQ(&pool.take(workspace), &one);
}

TEST_F(ExchangePool, CleansWhatComesBack) {
    auto& used = pool.take(workspace);
    used.add_parameter({"a", "b"});
    const http::served_route route{"/route"};
    used.set_route(&route);
    const auto* const first = used.memory().allocate(1, 1);
    used.memory().allocate(100'000, 1);
    pool.give_back(used);
    auto& again = pool.take(workspace);
    EXPECT_TRUE(again.parameters().empty());
    EXPECT_EQ(again.route(), nullptr);
    EXPECT_FALSE(again.is_answered());
    EXPECT_EQ(again.memory().allocate(1, 1), first);
}

TEST_F(ExchangePool, KeepsTheMemoryOfWhatRetiresUntilItIsRecycled) {
    auto& first = pool.take(workspace);
    auto& second = pool.take(workspace);
    auto* const bytes = static_cast<char*>(first.memory().allocate(100'000, 1));
    EXPECT_TRUE(pool.retire(first));
    EXPECT_FALSE(pool.retire(second));
    EXPECT_EQ(pool.in_use(), 0U);
    bytes[99'999] = 'x'; // or the address sanitizer ends the program
    auto& third = pool.take(workspace);
    EXPECT_NE(&third, &first);
    EXPECT_NE(&third, &second);
    pool.recycle();
    EXPECT_EQ(pool.in_use(), 1U);
    EXPECT_EQ(&pool.take(workspace), &first);
    EXPECT_EQ(&pool.take(workspace), &second);
    EXPECT_EQ(pool.in_use(), 3U);
}

} // namespace
} // namespace mortise::http1
