// SPDX-License-Identifier: BSL-1.0
// The door of a loop: what comes in, in which order, and when it is shut.
#include "async/loop.hpp"

#include <boost/asio/post.hpp>

#include <atomic>
#include <cstddef>
#include <gtest/gtest.h>
#include <thread>
#include <vector>

namespace mortise::async {
namespace {

TEST(Loop, RunsPostsInTheirOrder) {
    loop loop{3};
    EXPECT_EQ(loop.index(), 3U);
    std::vector<int> ran;
    for (int number = 0; number < 100; ++number) {
        EXPECT_TRUE(loop.post([&ran, number] { ran.push_back(number); }));
    }
    loop.stop();
    loop.run();
    ASSERT_EQ(ran.size(), 100U);
    for (int number = 0; number < 100; ++number) {
        EXPECT_EQ(ran[static_cast<std::size_t>(number)], number);
    }
}

TEST(Loop, RunsPostsOnItsOwnThread) {
    loop loop{0};
    std::thread::id ran;
    std::thread thread{[&loop] { loop.run(); }};
    const auto expected = thread.get_id();
    loop.post([&ran] { ran = std::this_thread::get_id(); });
    loop.stop();
    thread.join();
    EXPECT_EQ(ran, expected);
}

TEST(Loop, RefusesPostsOnceItIsStopped) {
    loop loop{0};
    bool late = false;
    loop.stop();
    EXPECT_FALSE(loop.post([&late] { late = true; }));
    loop.run();
    EXPECT_FALSE(loop.post([&late] { late = true; }));
    EXPECT_FALSE(late);
}

TEST(Loop, StopsMoreThanOnce) {
    loop loop{0};
    int ran = 0;
    loop.post([&ran] { ++ran; });
    loop.stop();
    loop.stop();
    loop.run();
    EXPECT_EQ(ran, 1);
}

TEST(Loop, RunsPostsOfPosts) {
    loop loop{0};
    std::vector<int> ran;
    loop.post([&] {
        ran.push_back(1);
        EXPECT_TRUE(loop.post([&] {
            ran.push_back(2);
            loop.stop();
            EXPECT_FALSE(loop.post([&ran] { ran.push_back(3); }));
        }));
    });
    loop.run();
    EXPECT_EQ(ran, (std::vector<int>{1, 2}));
}

TEST(Loop, ServesItsContextBesideThePosts) {
    loop loop{0};
    bool served = false;
    boost::asio::post(loop.context(), [&] {
        served = true;
        loop.stop();
    });
    loop.run();
    EXPECT_TRUE(served);
}

TEST(Loop, DropsWhatItNeverRan) {
    const auto kept = std::make_shared<int>(7);
    {
        loop loop{0};
        loop.post([kept] {});
        EXPECT_EQ(kept.use_count(), 2);
    }
    EXPECT_EQ(kept.use_count(), 1);
}

TEST(Loop, KeepsTheOrderOfEachOfManyThreads) {
    constexpr int posts = 2000;
    loop loop{0};
    std::thread serving{[&loop] { loop.run(); }};
    std::vector<int> next(4); // by thread; touched by the loop alone
    bool in_order = true;
    std::vector<std::thread> posting;
    for (std::size_t thread = 0; thread < next.size(); ++thread) {
        posting.emplace_back([&, thread] {
            for (int number = 0; number < posts; ++number) {
                loop.post([&, thread, number] { in_order &= next[thread]++ == number; });
            }
        });
    }
    for (auto& thread : posting) {
        thread.join();
    }
    loop.stop();
    serving.join();
    EXPECT_TRUE(in_order);
    EXPECT_EQ(next, std::vector<int>(4, posts));
}

// A post that comes while the loop is being stopped runs or is refused, never lost.
TEST(Loop, RunsEachPostThatItTookWhileItStops) {
    for (int round = 0; round < 200; ++round) {
        loop loop{0};
        std::atomic<int> taken = 0;
        int ran = 0;
        std::thread serving{[&loop] { loop.run(); }};
        std::vector<std::thread> posting;
        for (int thread = 0; thread < 2; ++thread) {
            posting.emplace_back([&] {
                while (loop.post([&ran] { ++ran; })) {
                    ++taken;
                }
            });
        }
        loop.stop();
        serving.join();
        for (auto& thread : posting) {
            thread.join();
        }
        ASSERT_EQ(ran, taken) << "round " << round;
    }
}

} // namespace
} // namespace mortise::async
