// SPDX-License-Identifier: BSL-1.0
// Advice on names.
#include "config/nearest.hpp"

#include <gtest/gtest.h>
#include <vector>

namespace mortise::config {
namespace {

const std::vector<std::string> known{"header", "handler", "keep_alive", "write"};

TEST(Nearest, FindsASlipOfTheHand) {
    EXPECT_EQ(nearest("haeder", known), "header");
    EXPECT_EQ(nearest("handlr", known), "handler");
    EXPECT_EQ(nearest("keepalive", known), "keep_alive");
    EXPECT_EQ(nearest("Write", known), "write");
}

TEST(Nearest, FindsNothingInWhatIsAnotherWord) {
    EXPECT_EQ(nearest("timeout", known), "");
    EXPECT_EQ(nearest("", known), "");
    EXPECT_EQ(nearest(std::string(100'000, 'x'), known), "");
}

TEST(Advice, ListsWhatThereIs) {
    EXPECT_EQ(advice("timeout", known), "there are header, handler, keep_alive, write");
    EXPECT_EQ(advice("wirte", known), "did you mean write?");
    EXPECT_EQ(advice("any", {}), "there are none");
}

} // namespace
} // namespace mortise::config
