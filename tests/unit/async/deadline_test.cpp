// SPDX-License-Identifier: BSL-1.0
// Deadlines against a clock that the test winds.
#include "async/deadline.hpp"

#include <functional>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

namespace mortise::async {
namespace {

using base::instant;
using base::milliseconds;

instant at(int count) {
    return instant{milliseconds{count}};
}

// Writes its name down when its time is over, then does what else it was told.
class noted final : public deadline {
public:
    noted(std::string name, std::string& over) : name_{std::move(name)}, over_{over} {}

    void on_expiry(instant now) noexcept override {
        over_ += name_;
        if (then) {
            then(now);
        }
    }

    std::function<void(instant)> then;

private:
    std::string name_;
    std::string& over_;
};

class DeadlineQueue : public testing::Test {
protected:
    std::string over;
    deadline_queue queue{milliseconds{100}};
    noted a{"a", over};
    noted b{"b", over};
    noted c{"c", over};
};

TEST_F(DeadlineQueue, ExpiresAtItsDurationAndNotBefore) {
    queue.arm(a, at(10));
    queue.expire(at(109));
    EXPECT_EQ(over, "");
    EXPECT_TRUE(a.is_armed());
    queue.expire(at(110));
    EXPECT_EQ(over, "a");
    EXPECT_FALSE(a.is_armed());
}

TEST_F(DeadlineQueue, LetsThoseThatRunHaveANewDuration) {
    queue.arm(a, at(0));
    queue.arm(b, at(50));
    queue.set_duration(milliseconds{200});
    queue.expire(at(199));
    EXPECT_EQ(over, "");
    queue.set_duration(milliseconds{10});
    queue.expire(at(59));
    EXPECT_EQ(over, "a");
    queue.expire(at(60));
    EXPECT_EQ(over, "ab");
}

TEST_F(DeadlineQueue, ExpiresInTheOrderOfArming) {
    queue.arm(c, at(0));
    queue.arm(a, at(1));
    queue.arm(b, at(2));
    queue.expire(at(101));
    EXPECT_EQ(over, "ca");
    queue.expire(at(500));
    EXPECT_EQ(over, "cab");
}

TEST_F(DeadlineQueue, StartsAnewWhatIsArmedAgain) {
    queue.arm(a, at(0));
    queue.arm(b, at(0));
    queue.arm(a, at(50));
    queue.expire(at(149));
    EXPECT_EQ(over, "b");
    queue.expire(at(150));
    EXPECT_EQ(over, "ba");
}

// A handler's time runs from the head of its request, which may be long ago when its content has
// arrived: it must not wait for those that have begun since.
TEST_F(DeadlineQueue, ExpiresWhatBeganEarlierBeforeTheOthers) {
    queue.arm(a, at(50));
    queue.arm(b, at(60));
    queue.arm(c, at(0));
    queue.expire(at(100));
    EXPECT_EQ(over, "c");
    queue.expire(at(150));
    EXPECT_EQ(over, "ca");
    queue.arm(c, at(55));
    queue.expire(at(155));
    EXPECT_EQ(over, "cac");
    queue.expire(at(160));
    EXPECT_EQ(over, "cacb");
}

TEST_F(DeadlineQueue, GrantsNoTimeToWhatIsArmedAgainForTheSameBeginning) {
    queue.arm(a, at(0));
    for (int now = 10; now < 100; now += 10) {
        queue.arm(b, at(now));
        queue.arm(a, at(0));
    }
    queue.expire(at(100));
    EXPECT_EQ(over, "a");
}

TEST_F(DeadlineQueue, MovesAnEntryOfTheSameBeginningBetweenQueues) {
    deadline_queue longer{milliseconds{1000}};
    queue.arm(a, at(0));
    longer.arm(a, at(0));
    queue.arm(a, at(0));
    queue.expire(at(100));
    EXPECT_EQ(over, "a");
}

TEST_F(DeadlineQueue, ForgetsWhatIsDisarmed) {
    queue.arm(a, at(0));
    queue.arm(b, at(0));
    a.disarm();
    a.disarm();
    queue.expire(at(1000));
    EXPECT_EQ(over, "b");
}

TEST_F(DeadlineQueue, TakesAnEntryOutOfItsOtherQueue) {
    deadline_queue longer{milliseconds{1000}};
    queue.arm(a, at(0));
    longer.arm(a, at(0));
    queue.expire(at(999));
    EXPECT_EQ(over, "");
    longer.expire(at(1000));
    EXPECT_EQ(over, "a");
}

TEST_F(DeadlineQueue, ForgetsWhatIsDestroyed) {
    auto gone = std::make_unique<noted>("gone", over);
    queue.arm(a, at(0));
    queue.arm(*gone, at(0));
    queue.arm(b, at(0));
    gone.reset();
    queue.expire(at(100));
    EXPECT_EQ(over, "ab");
}

TEST_F(DeadlineQueue, LetsAnExpiryArmItAgain) {
    a.then = [this](instant now) { queue.arm(a, now); };
    queue.arm(a, at(0));
    queue.arm(b, at(0));
    queue.expire(at(100));
    EXPECT_EQ(over, "ab");
    queue.expire(at(199));
    EXPECT_EQ(over, "ab");
    queue.expire(at(200));
    EXPECT_EQ(over, "aba");
}

TEST_F(DeadlineQueue, LetsAnExpiryDestroyTheNext) {
    auto next = std::make_unique<noted>("next", over);
    a.then = [&next](instant) { next.reset(); };
    queue.arm(a, at(0));
    queue.arm(*next, at(0));
    queue.arm(b, at(0));
    queue.expire(at(100));
    EXPECT_EQ(over, "ab");
}

TEST_F(DeadlineQueue, LetsAnExpiryDestroyItself) {
    auto* const itself = new noted{"x", over};
    itself->then = [itself](instant) { delete itself; };
    queue.arm(*itself, at(0));
    queue.arm(a, at(0));
    queue.expire(at(100));
    EXPECT_EQ(over, "xa");
}

TEST_F(DeadlineQueue, LetsAnExpiryDisarmAndMoveOthers) {
    deadline_queue longer{milliseconds{1000}};
    a.then = [&](instant now) {
        b.disarm();
        longer.arm(c, now);
    };
    queue.arm(a, at(0));
    queue.arm(b, at(0));
    queue.arm(c, at(0));
    queue.expire(at(100));
    EXPECT_EQ(over, "a");
    longer.expire(at(1100));
    EXPECT_EQ(over, "ac");
}

} // namespace
} // namespace mortise::async
