// SPDX-License-Identifier: BSL-1.0
// Which versions of the border agree.
#include "plugin/compatibility.hpp"

#include <gtest/gtest.h>

namespace mortise::plugin {
namespace {

TEST(Compatibility, HoldsEachMinorApartBeforeOne) {
    EXPECT_FALSE(judge_compatibility(0x00000001, 0x00000001));
    EXPECT_TRUE(judge_compatibility(0x00000001, 0x00000002));
    EXPECT_TRUE(judge_compatibility(0x00000002, 0x00000001));
}

TEST(Compatibility, LoadsEachPluginOfItsMajorFromOneOn) {
    EXPECT_FALSE(judge_compatibility(0x00010000, 0x00010007));
    EXPECT_FALSE(judge_compatibility(0x00010007, 0x00010000));
    EXPECT_TRUE(judge_compatibility(0x00000009, 0x00010000));
    EXPECT_TRUE(judge_compatibility(0x00020000, 0x00010000));
}

TEST(Compatibility, NamesBothVersionsAndTheCure) {
    const auto older = judge_compatibility(0x00000001, 0x00010002);
    ASSERT_TRUE(older);
    EXPECT_EQ(older->what, "is built for ABI 0.1, but this host speaks ABI 1.2");
    EXPECT_EQ(older->cure, "rebuild it with the SDK of this host");
    const auto newer = judge_compatibility(0x00020003, 0x00010002);
    ASSERT_TRUE(newer);
    EXPECT_EQ(newer->what, "is built for ABI 2.3, but this host speaks ABI 1.2");
    EXPECT_EQ(newer->cure, "update the host, or rebuild it with the SDK of this host");
}

} // namespace
} // namespace mortise::plugin
