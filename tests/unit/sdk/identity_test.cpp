// SPDX-License-Identifier: BSL-1.0
// Which ids and versions a plugin may have.
#include <mortise/sdk/detail/identity.hpp>

#include <gtest/gtest.h>
#include <string>

namespace mortise::detail {
namespace {

TEST(Identity, AcceptsIdsOfLowerLettersDigitsAndHyphens) {
    EXPECT_TRUE(is_id("greeting"));
    EXPECT_TRUE(is_id("a1-b"));
    EXPECT_TRUE(is_id(std::string(63, 'a')));
}

TEST(Identity, RefusesOtherIds) {
    for (const auto* id : {"", "Greeting", "1st", "-a", "a_b", "a b", "\xc3\xa4"}) {
        EXPECT_FALSE(is_id(id)) << id;
    }
    EXPECT_FALSE(is_id(std::string(64, 'a')));
}

TEST(Identity, AcceptsVersionsOfThreeNumbersAndAMark) {
    for (const auto* version : {"1.0.0", "0.10.200", "1.0.0-rc.1", "1.0.0+build.7", "1.0.0-a+b"}) {
        EXPECT_TRUE(is_version(version)) << version;
    }
}

TEST(Identity, RefusesOtherVersions) {
    for (const auto* version :
         {"", "1", "1.0", "1.0.", "1..0", "v1.0.0", "1.0.0.0", "1.0.0-", "1.0.0 ", "1.0.0-a_b"}) {
        EXPECT_FALSE(is_version(version)) << version;
    }
    EXPECT_FALSE(is_version("1.0.0-" + std::string(58, 'a')));
}

} // namespace
} // namespace mortise::detail
