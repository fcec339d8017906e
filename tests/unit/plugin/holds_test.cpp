// SPDX-License-Identifier: BSL-1.0
// What keeps an instance from being taken down.
#include "plugin/holds.hpp"

#include <gtest/gtest.h>

namespace mortise::plugin {
namespace {

class Holds : public testing::Test {
protected:
    static constexpr std::uint8_t one = 250; // ordinals that no instance of this program reaches
    static constexpr std::uint8_t other = 251;

    Holds() {
        holds::open(one);
        holds::open(other);
    }
    ~Holds() override {
        holds::forget(one);
        holds::forget(other);
    }
};

TEST_F(Holds, KeepTheirReasonsInOrder) {
    const auto first = holds::take(one, "first");
    ASSERT_TRUE(first);
    ASSERT_TRUE(holds::take(one, std::string(1000, 'x')));
    EXPECT_EQ(holds::reasons(one), (std::vector<std::string>{"first", std::string(256, 'x')}));
    EXPECT_TRUE(holds::release(*first));
    EXPECT_EQ(holds::reasons(one), std::vector<std::string>{std::string(256, 'x')});
}

TEST_F(Holds, HoldTheirOwnInstanceAlone) {
    const auto number = holds::take(one, "x");
    EXPECT_TRUE(holds::is_held(one));
    EXPECT_FALSE(holds::is_held(other));
    EXPECT_FALSE(holds::close(one));
    EXPECT_TRUE(holds::close(other));
    EXPECT_TRUE(holds::release(*number));
    EXPECT_FALSE(holds::is_held(one));
}

TEST_F(Holds, AreReleasedOnce) {
    const auto number = holds::take(one, "x");
    EXPECT_TRUE(holds::release(*number));
    EXPECT_FALSE(holds::release(*number));
    EXPECT_NE(holds::take(one, "y"), number);
    EXPECT_FALSE(holds::release(*number));
}

TEST_F(Holds, AreRefusedOnceTheInstanceIsClosed) {
    const auto number = holds::take(one, "x");
    EXPECT_FALSE(holds::close(one));
    EXPECT_TRUE(holds::take(one, "still open"));
    holds::forget(one);
    EXPECT_FALSE(holds::take(one, "late"));
    EXPECT_FALSE(holds::release(*number));
    EXPECT_TRUE(holds::close(one));
}

} // namespace
} // namespace mortise::plugin
