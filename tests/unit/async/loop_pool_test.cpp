// SPDX-License-Identifier: BSL-1.0
// Loops with their threads, from start to stop.
#include "async/loop_pool.hpp"

#include <atomic>
#include <csignal>
#include <future>
#include <gtest/gtest.h>
#include <pthread.h>
#include <set>
#include <thread>

namespace mortise::async {
namespace {

TEST(LoopPool, RunsEachLoopOnAThreadOfItsOwn) {
    loop_pool loops{3};
    loops.start();
    std::set<std::thread::id> threads{std::this_thread::get_id()};
    for (std::size_t index = 0; index < loops.size(); ++index) {
        EXPECT_EQ(loops[index].index(), index);
        std::promise<std::thread::id> ran;
        loops[index].post([&ran] { ran.set_value(std::this_thread::get_id()); });
        threads.insert(ran.get_future().get());
    }
    EXPECT_EQ(threads.size(), 4U);
}

TEST(LoopPool, RunsWhatWasPostedBeforeItStarted) {
    loop_pool loops{1};
    bool ran = false;
    loops[0].post([&ran] { ran = true; });
    loops.start();
    loops.stop();
    EXPECT_TRUE(ran);
}

TEST(LoopPool, RunsOutItsPostsWhenItStops) {
    std::atomic<int> ran = 0;
    {
        loop_pool loops{2};
        loops.start();
        for (int number = 0; number < 1000; ++number) {
            loops[static_cast<std::size_t>(number % 2)].post([&ran] { ++ran; });
        }
    }
    EXPECT_EQ(ran, 1000);
}

TEST(LoopPool, StopsTwiceAndWithoutAStart) {
    loop_pool idle{2};
    idle.stop();
    loop_pool loops{1};
    loops.start();
    loops.stop();
    loops.stop();
    EXPECT_FALSE(loops[0].post([] {}));
}

// A signal of the process must come to the control thread: the loops' threads block all.
TEST(LoopPool, KeepsSignalsFromItsThreads) {
    loop_pool loops{1};
    loops.start();
    std::promise<bool> blocked;
    loops[0].post([&blocked] {
        sigset_t mask;
        ::pthread_sigmask(SIG_BLOCK, nullptr, &mask);
        blocked.set_value(::sigismember(&mask, SIGTERM) == 1 && ::sigismember(&mask, SIGHUP) == 1);
    });
    EXPECT_TRUE(blocked.get_future().get());
    sigset_t mine;
    ::pthread_sigmask(SIG_BLOCK, nullptr, &mine);
    EXPECT_EQ(::sigismember(&mine, SIGTERM), 0);
}

} // namespace
} // namespace mortise::async
