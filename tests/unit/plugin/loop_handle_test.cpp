// SPDX-License-Identifier: BSL-1.0
// Calls that plugins post to a loop.
#include "unit/plugin/fixture.hpp"

#include <gtest/gtest.h>

namespace mortise::plugin {
namespace {

TEST(LoopHandle, RefusesPostsOnceItsLoopIsStopped) {
    async::loop events{3};
    async::work_pool pool{1, 1};
    loop_handle loop{events, pool};
    EXPECT_EQ(loop.index(), 3U);
    int ran = 0;
    const auto count = [](void* argument) { ++*static_cast<int*>(argument); };
    EXPECT_TRUE(loop.post(count, &ran));
    events.stop();
    events.run();
    EXPECT_FALSE(loop.post(count, &ran));
    EXPECT_EQ(ran, 1);
}

} // namespace
} // namespace mortise::plugin
