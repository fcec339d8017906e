// SPDX-License-Identifier: BSL-1.0
// Tasks beside each other: gather, when_any, with_timeout, shield, spawn, offload.
#include "unit/sdk/coroutine_plugin.hpp"

#include <gtest/gtest.h>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

namespace mortise::test {
namespace {

class Gather : public ::testing::Test {
protected:
    coroutine_host served;
    ~Gather() override { EXPECT_EQ(counted::alive(), 0); }

    std::chrono::nanoseconds time_of(std::function<task<response>(exchange&)> handler) {
        const auto before = served.host.now();
        served.ask(std::move(handler));
        return served.host.now() - before;
    }
};
using WhenAny = Gather;
using WithTimeout = Gather;
using Shield = Gather;
using Spawn = Gather;
using Offload = Gather;

TEST_F(Gather, TakesTheTimeOfTheSlowestAndGivesAllInOrder) {
    EXPECT_EQ(time_of([](exchange&) -> task<response> {
                  auto [left, right, nothing] = co_await gather(
                      slow("left", 100ms), slow("right", 50ms), []() -> task<> { co_return; }());
                  EXPECT_EQ(left, "left");
                  EXPECT_EQ(right, "right");
                  static_assert(std::is_same_v<decltype(nothing), std::monostate>);
                  co_return text("x");
              }),
              100ms);
}

TEST_F(Gather, TakesAnyNumber) {
    EXPECT_EQ(time_of([](exchange&) -> task<response> {
                  std::vector<task<std::string>> work;
                  for (int number = 0; number != 100; ++number) {
                      work.push_back(slow(std::to_string(number)));
                  }
                  const auto all = co_await gather(work);
                  EXPECT_EQ(all.size(), 100U);
                  EXPECT_EQ(all.back(), "99");
                  std::vector<task<>> none;
                  co_await gather(none);
                  co_return text("x");
              }),
              100ms);
}

TEST_F(Gather, CancelsTheOthersWhereOneThrowsAndWaitsForTheirEnd) {
    EXPECT_EQ(time_of([](exchange&) -> task<response> {
                  try {
                      co_await gather(slow("left", 1h), failing("first", 50ms),
                                      failing("second", 60ms));
                      ADD_FAILURE();
                  } catch (const std::runtime_error& error) {
                      EXPECT_STREQ(error.what(), "first");
                  }
                  EXPECT_EQ(counted::alive(), 0);
                  co_return text("x");
              }),
              50ms);
}

TEST_F(Gather, CancelsWhatBeginsBehindOneThatThrowsAtOnce) {
    EXPECT_EQ(time_of([](exchange&) -> task<response> {
                  auto at_once = []() -> task<> {
                      throw std::runtime_error{"at once"};
                      co_return;
                  };
                  try {
                      co_await gather(at_once(), slow("late", 1h));
                  } catch (const std::runtime_error&) {
                  }
                  co_return text("x");
              }),
              0ms);
}

TEST_F(Gather, IsCancelledWithItsLine) {
    auto pending = served.begin([](exchange&) -> task<response> {
        co_await gather(slow("left", 1h), slow("right", 2h));
        co_return text("never");
    });
    served.host.run();
    EXPECT_EQ(counted::alive(), 2);
    pending.disconnect();
    served.host.run();
    EXPECT_TRUE(pending.is_over());
}

TEST_F(Gather, Nests) {
    EXPECT_EQ(time_of([](exchange&) -> task<response> {
                  auto pair = []() -> task<std::string> {
                      auto [one, two] = co_await gather(slow("a"), slow("b"));
                      co_return one + two;
                  };
                  auto [left, right] = co_await gather(pair(), pair());
                  EXPECT_EQ(left + right, "abab");
                  co_return text("x");
              }),
              100ms);
}

TEST_F(WhenAny, GivesTheFirstAndCancelsTheOthers) {
    EXPECT_EQ(time_of([](exchange&) -> task<response> {
                  const auto first = co_await when_any(slow("slow", 1h), slow("quick", 10ms));
                  EXPECT_EQ(first.index(), 1U);
                  EXPECT_EQ(std::get<1>(first), "quick");
                  EXPECT_EQ(counted::alive(), 0);
                  co_return text("x");
              }),
              10ms);
}

TEST_F(WhenAny, ThrowsWhatTheFirstThrows) {
    served.ask([](exchange&) -> task<response> {
        try {
            co_await when_any(failing("first", 10ms), slow("slow", 1h));
            ADD_FAILURE();
        } catch (const std::runtime_error& error) {
            EXPECT_STREQ(error.what(), "first");
        }
        co_return text("x");
    });
}

TEST_F(WithTimeout, GivesWhatEndsInTime) {
    EXPECT_EQ(time_of([](exchange&) -> task<response> {
                  EXPECT_EQ(co_await with_timeout(1s, slow("in time")), "in time");
                  co_return text("x");
              }),
              100ms);
}

TEST_F(WithTimeout, CancelsWhatDoesNotAndThrows) {
    EXPECT_EQ(time_of([](exchange&) -> task<response> {
                  EXPECT_THROW(co_await with_timeout(50ms, slow("late", 1h)), timed_out);
                  co_return text("x");
              }),
              50ms);
}

TEST_F(WithTimeout, IsCancelledAsWhatItIsWhereTheClientLeaves) {
    bool was_cancelled = false;
    auto pending = served.begin([&](exchange&) -> task<response> {
        try {
            co_await with_timeout(1h, slow("late", 2h));
        } catch (const cancelled&) {
            was_cancelled = true;
        }
        co_return text("x");
    });
    pending.disconnect();
    served.host.run();
    EXPECT_TRUE(was_cancelled);
}

TEST_F(WithTimeout, PassesExceptionsOn) {
    served.ask([](exchange&) -> task<response> {
        EXPECT_THROW(co_await with_timeout(1s, failing("broken")), std::runtime_error);
        co_return text("x");
    });
}

TEST_F(Shield, LetsATaskRunToItsEndAlthoughItsLineIsCancelled) {
    bool has_ended = false;
    bool was_cancelled = false;
    auto pending = served.begin([&](exchange&) -> task<response> {
        auto store = [&]() -> task<> {
            co_await sleep_for(100ms);
            has_ended = true;
        };
        co_await shield(store());
        try {
            co_await sleep_for(1ms);
        } catch (const cancelled&) {
            was_cancelled = true;
        }
        co_return text("x");
    });
    pending.disconnect();
    served.host.run();
    EXPECT_FALSE(has_ended);
    served.host.advance(100ms);
    EXPECT_TRUE(has_ended);
    EXPECT_TRUE(was_cancelled);
}

TEST_F(Spawn, OutlivesTheRequestThatBeganIt) {
    std::string done;
    served.ask([&](exchange& exchange) -> task<response> {
        auto work = [&done, name = std::string{"a name that is kept"}]() -> task<> {
            const counted here;
            co_await sleep_for(1s);
            done = name;
        };
        spawn(exchange, work);
        co_return text("x");
    });
    EXPECT_EQ(counted::alive(), 1);
    served.host.advance(1s);
    EXPECT_EQ(done, "a name that is kept");
}

TEST_F(Spawn, IsCancelledWhenThePluginIsToGo) {
    served.ask([](exchange& exchange) -> task<response> {
        auto work = []() -> task<> {
            const counted here;
            co_await sleep_for(1h);
        };
        spawn(exchange, work);
        co_return text("x");
    });
    EXPECT_EQ(counted::alive(), 1);
    served.plugin.quiesce();
    served.host.run();
    EXPECT_EQ(counted::alive(), 0);
    EXPECT_TRUE(served.host.log().empty());
}

TEST_F(Spawn, LogsWhatLeavesIt) {
    served.ask([](exchange& exchange) -> task<response> {
        auto work = []() -> task<> { co_await failing("in the background"); };
        spawn(exchange, work);
        co_return text("x");
    });
    served.host.advance(1s);
    ASSERT_EQ(served.host.log().size(), 1U);
    EXPECT_EQ(served.host.log()[0].text, "a spawned task threw: in the background");
}

TEST_F(Offload, GivesResultAndException) {
    served.ask([](exchange&) -> task<response> {
        const std::string kept = "captured";
        auto length = [kept] { return kept.size(); };
        EXPECT_EQ(co_await offload(length), 8U);
        auto fails = [] { throw std::runtime_error{"on the pool"}; };
        try {
            co_await offload(fails);
            ADD_FAILURE();
        } catch (const std::runtime_error& error) {
            EXPECT_STREQ(error.what(), "on the pool");
        }
        co_return text("x");
    });
}

TEST_F(Offload, Answers503WhereTooMuchIsQueued) {
    served.host.refuse_next(testing::function::offload_run, MORTISE_E_BUSY);
    EXPECT_EQ(served
                  .ask([](exchange&) -> task<response> {
                      auto work = [] { return 1; };
                      co_return text(co_await offload(work));
                  })
                  .status(),
              503U);
}

TEST_F(Offload, EndsBeforeItsCancellationIsSeen) {
    bool has_ended = false;
    auto pending = served.begin([&](exchange&) -> task<response> {
        const counted here;
        auto work = [&] { has_ended = true; };
        co_await offload(work);
        co_return text("x");
    });
    pending.disconnect();
    served.host.run();
    EXPECT_TRUE(pending.is_over());
}

} // namespace
} // namespace mortise::test
