// SPDX-License-Identifier: BSL-1.0
// Timers: which happen, in which order, and which do not.
#include "async/timer.hpp"

#include <functional>
#include <gtest/gtest.h>
#include <vector>

namespace mortise::async {
namespace {

using namespace std::chrono_literals;

class noted_timer final : public timer {
public:
    explicit noted_timer(std::function<void()> call) : call_{std::move(call)} {}
    void on_time() noexcept override { call_(); }

private:
    std::function<void()> call_;
};

class Timers : public testing::Test {
protected:
    void run() {
        while (!timers.is_empty()) {
            loop.context().run_one();
        }
    }

    async::loop loop{0};
    timer_queue timers{loop};
    std::vector<int> happened;
    noted_timer one{[this] { happened.push_back(1); }};
    noted_timer two{[this] { happened.push_back(2); }};
    noted_timer three{[this] { happened.push_back(3); }};
    timer::clock::time_point now = timer::clock::now();
};

TEST_F(Timers, HappenInTheOrderOfTheirTimes) {
    timers.arm(three, now + 3ms);
    timers.arm(one, now + 1ms);
    timers.arm(two, now + 2ms);
    run();
    EXPECT_EQ(happened, (std::vector{1, 2, 3}));
    EXPECT_GE(timer::clock::now(), now + 3ms);
    EXPECT_TRUE(timers.is_empty());
}

TEST_F(Timers, OfOneTimeHappenInTheOrderOfArming) {
    timers.arm(two, now);
    timers.arm(one, now);
    timers.arm(three, now);
    run();
    EXPECT_EQ(happened, (std::vector{2, 1, 3}));
}

TEST_F(Timers, HappenNeverWithinTheCallThatArmsThem) {
    timers.arm(one, now - 1h);
    EXPECT_TRUE(happened.empty());
    EXPECT_TRUE(one.is_armed());
    run();
    EXPECT_EQ(happened, (std::vector{1}));
    EXPECT_FALSE(one.is_armed());
}

TEST_F(Timers, DoNotHappenOnceTheyAreDisarmed) {
    timers.arm(one, now + 1ms);
    timers.arm(two, now + 2ms);
    one.disarm();
    run();
    EXPECT_EQ(happened, (std::vector{2}));
}

TEST_F(Timers, DoNotHappenOnceTheyAreGone) {
    {
        noted_timer gone{[this] { happened.push_back(4); }};
        timers.arm(gone, now + 1ms);
        timers.arm(one, now + 1ms);
    }
    run();
    EXPECT_EQ(happened, (std::vector{1}));
}

TEST_F(Timers, MoveToTheTimeOfTheLastArming) {
    timers.arm(one, now + 1h);
    timers.arm(two, now + 1ms);
    timers.arm(one, now);
    run();
    EXPECT_EQ(happened, (std::vector{1, 2}));
}

TEST_F(Timers, AreArmedAnewAsTheyHappen) {
    int rounds = 0;
    noted_timer again{[&] {
        if (++rounds < 100) {
            timers.arm(again, timer::clock::now());
        }
    }};
    timers.arm(again, now);
    run();
    EXPECT_EQ(rounds, 100);
}

TEST_F(Timers, DisarmOthersAsTheyHappen) {
    noted_timer first{[&] { two.disarm(); }};
    timers.arm(first, now);
    timers.arm(two, now);
    timers.arm(three, now);
    run();
    EXPECT_EQ(happened, (std::vector{3}));
}

} // namespace
} // namespace mortise::async
