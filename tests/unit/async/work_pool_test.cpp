// SPDX-License-Identifier: BSL-1.0
// Work on threads of its own, and the way back to its loop.
#include "async/loop.hpp"
#include "async/work_pool.hpp"

#include <atomic>
#include <functional>
#include <future>
#include <gtest/gtest.h>
#include <memory>
#include <thread>
#include <vector>

namespace mortise::async {
namespace {

class noted_work final : public work {
public:
    std::function<void()> on_run = [] {};
    std::function<void()> on_delivery = [] {};
    void run() noexcept override { on_run(); }
    void deliver() noexcept override { on_delivery(); }
};

// Holds the thread of a pool until it is let go.
struct held_thread {
    noted_work job;
    std::promise<void> begun;
    std::promise<void> may_end;
    held_thread() {
        job.on_run = [this] {
            begun.set_value();
            may_end.get_future().get();
        };
    }
};

TEST(WorkPool, RunsOnItsThreadAndDeliversOnTheLoop) {
    loop loop{0};
    work_pool pool{1, 1};
    noted_work job;
    std::thread::id ran;
    bool is_delivered = false;
    job.on_run = [&] { ran = std::this_thread::get_id(); };
    job.on_delivery = [&] {
        is_delivered = true;
        loop.stop();
    };
    ASSERT_TRUE(pool.submit(job, loop));
    loop.run();
    EXPECT_TRUE(is_delivered);
    EXPECT_NE(ran, std::thread::id{});
    EXPECT_NE(ran, std::this_thread::get_id());
}

TEST(WorkPool, RefusesWhatItsQueueHasNoRoomFor) {
    loop loop{0};
    held_thread first;
    noted_work second;
    noted_work third;
    work_pool pool{1, 1};
    ASSERT_TRUE(pool.submit(first.job, loop));
    first.begun.get_future().get(); // it is out of the queue
    EXPECT_TRUE(pool.submit(second, loop));
    EXPECT_FALSE(pool.submit(third, loop));
    second.on_delivery = [&] { loop.stop(); };
    first.may_end.set_value();
    loop.run();
}

TEST(WorkPool, NeverRunsWhatWasWithdrawn) {
    loop loop{0};
    held_thread first;
    noted_work second;
    noted_work third;
    bool has_run = false;
    second.on_run = [&] { has_run = true; };
    third.on_delivery = [&] { loop.stop(); };
    work_pool pool{1, 2};
    ASSERT_TRUE(pool.submit(first.job, loop));
    first.begun.get_future().get();
    ASSERT_TRUE(pool.submit(second, loop));
    ASSERT_TRUE(pool.submit(third, loop));
    EXPECT_TRUE(pool.withdraw(second));
    EXPECT_FALSE(pool.withdraw(second));
    EXPECT_FALSE(pool.withdraw(first.job)); // it has begun
    first.may_end.set_value();
    loop.run();
    EXPECT_FALSE(has_run);
}

TEST(WorkPool, ServesSeveralLoopsFromSeveralThreads) {
    constexpr int jobs_of_each = 200;
    loop loops[2] = {loop{0}, loop{1}};
    std::atomic<int> ran = 0;
    std::vector<std::unique_ptr<noted_work>> jobs;
    int delivered[2] = {0, 0};
    {
        work_pool pool{3, 1000};
        for (int number = 0; number != 2 * jobs_of_each; ++number) {
            loop& home = loops[number % 2];
            int& count = delivered[number % 2];
            jobs.push_back(std::make_unique<noted_work>());
            jobs.back()->on_run = [&] { ++ran; };
            jobs.back()->on_delivery = [&] {
                if (++count == jobs_of_each) {
                    home.stop();
                }
            };
            ASSERT_TRUE(pool.submit(*jobs.back(), home));
        }
        std::thread other{[&] { loops[1].run(); }};
        loops[0].run();
        other.join();
    }
    EXPECT_EQ(ran, 2 * jobs_of_each);
    EXPECT_EQ(delivered[0], jobs_of_each);
    EXPECT_EQ(delivered[1], jobs_of_each);
}

} // namespace
} // namespace mortise::async
