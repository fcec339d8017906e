// SPDX-License-Identifier: BSL-1.0
// Handlers that wait: results, exceptions, time, cancellation.
#include "unit/sdk/coroutine_plugin.hpp"

#include <gtest/gtest.h>
#include <memory>
#include <stdexcept>
#include <string>

namespace mortise::test {
namespace {

class Task : public ::testing::Test {
protected:
    coroutine_host served;

    ~Task() override { EXPECT_EQ(counted::alive(), 0); }
};

TEST_F(Task, AnswersWithoutWaiting) {
    auto pending = served.begin([](exchange& exchange) -> task<response> {
        co_return text(exchange.request().method(), ' ', exchange.request().path());
    });
    ASSERT_TRUE(pending.is_answered());
    EXPECT_EQ(pending.content(), "GET /whole");
}

TEST_F(Task, AnswersAfterItsSleepAndNotBefore) {
    auto pending = served.begin([](exchange&) -> task<response> {
        co_await sleep_for(100ms);
        co_return text("done");
    });
    served.host.advance(99ms);
    EXPECT_FALSE(pending.is_answered());
    served.host.advance(1ms);
    EXPECT_EQ(pending.content(), "done");
}

TEST_F(Task, GivesItsResultToTheLineThatAwaitsIt) {
    EXPECT_EQ(served
                  .ask([](exchange&) -> task<response> {
                      const std::string one = co_await slow("one");
                      auto second = slow("two");
                      const std::string two = co_await second;
                      co_return text(one, two);
                  })
                  .content(),
              "onetwo");
}

TEST_F(Task, GivesItsExceptionToTheLineThatAwaitsIt) {
    EXPECT_EQ(served
                  .ask([](exchange&) -> task<response> {
                      std::string what;
                      try {
                          co_await failing("broken");
                      } catch (const std::runtime_error& error) {
                          what = error.what();
                      }
                      co_return text(what);
                  })
                  .content(),
              "broken");
}

TEST_F(Task, HasItsLocalsDestroyedBeforeTheAnswerIsGiven) {
    served.ask([](exchange&) -> task<response> {
        const counted local;
        co_await slow("x");
        EXPECT_EQ(counted::alive(), 1);
        co_return text("x");
    });
    EXPECT_EQ(counted::alive(), 0);
}

TEST_F(Task, KeepsMoveOnlyResults) {
    served.ask([](exchange&) -> task<response> {
        auto make = []() -> task<std::unique_ptr<int>> { co_return std::make_unique<int>(7); };
        const auto made = co_await make();
        co_return text(*made);
    });
}

TEST_F(Task, NeverRunsWhereItIsNotAwaited) {
    bool has_run = false;
    served.ask([&](exchange&) -> task<response> {
        auto run = [&]() -> task<> {
            has_run = true;
            co_return;
        };
        { const auto dropped = run(); }
        co_return text("x");
    });
    EXPECT_FALSE(has_run);
}

TEST_F(Task, GoesDeepWithoutTheStack) {
    struct recursion {
        static task<int> down(int depth) {
            if (depth == 0) {
                co_return 0;
            }
            co_return 1 + co_await down(depth - 1);
        }
    };
    EXPECT_EQ(served
                  .ask([](exchange&) -> task<response> {
                      int sum = 0;
                      for (int round = 0; round != 1000; ++round) {
                          sum += co_await recursion::down(10);
                      }
                      co_return text(sum);
                  })
                  .content(),
              "10000");
}

TEST_F(Task, AnswersHttpErrorsWithTheirStatus) {
    const auto answer = served.ask([](exchange&) -> task<response> {
        co_await sleep_for(1ms);
        throw http_error{409, "It is taken"};
    });
    EXPECT_EQ(answer.status(), 409U);
    EXPECT_EQ(answer.content(), "It is taken\n");
}

TEST_F(Task, AnswersOtherExceptionsWith500AndLogsThemWithTheExchange) {
    auto pending = served.begin([](exchange&) -> task<response> {
        co_await failing("secret");
        co_return text("never");
    });
    const auto number = pending.number();
    EXPECT_EQ(pending.finish().status(), 500U);
    EXPECT_EQ(pending.content().find("secret"), std::string::npos);
    ASSERT_EQ(served.host.log().size(), 1U);
    EXPECT_EQ(served.host.log()[0].text, "a handler threw: secret");
    EXPECT_EQ(served.host.log()[0].exchange, number);
}

TEST_F(Task, SeesThatTheClientHasLeft) {
    bool was_cancelled = false;
    auto pending = served.begin([&](exchange&) -> task<response> {
        const counted local;
        try {
            co_await slow("x", 1h);
        } catch (const cancelled&) {
            was_cancelled = true;
            throw;
        }
        co_return text("never");
    });
    served.host.run();
    EXPECT_EQ(counted::alive(), 2);
    pending.disconnect();
    served.host.run();
    EXPECT_TRUE(was_cancelled);
    EXPECT_EQ(counted::alive(), 0);
    EXPECT_TRUE(pending.is_over());
}

TEST_F(Task, SeesItsCancellationAtEachLaterWait) {
    int waits = 0;
    auto pending = served.begin([&](exchange&) -> task<response> {
        for (int round = 0; round != 3; ++round) {
            try {
                co_await sleep_for(1h);
            } catch (const cancelled&) {
                ++waits;
            }
        }
        co_return text("late");
    });
    pending.disconnect();
    served.host.run();
    EXPECT_EQ(waits, 3);
    EXPECT_TRUE(pending.is_over());
}

TEST_F(Task, SeesThatItsTimeIsOver) {
    auto pending = served.begin([](exchange&) -> task<response> {
        const counted local;
        co_await sleep_for(1h);
        co_return text("never");
    });
    pending.time_out();
    served.host.run();
    EXPECT_TRUE(pending.is_over());
}

TEST_F(Task, FailsWhereItsSleepCannotBegin) {
    served.host.refuse_next(testing::function::timer_wait, MORTISE_E_MEMORY);
    EXPECT_EQ(served
                  .ask([](exchange&) -> task<response> {
                      co_await sleep_for(1ms);
                      co_return text("never");
                  })
                  .status(),
              503U);
}

TEST_F(Task, UsesTheMemoryOfItsRequestAgain) {
    served.ask([](exchange& exchange) -> task<response> {
        auto step = [](mortise::exchange&) -> task<int> { co_return 1; };
        int sum = 0;
        for (int round = 0; round != 100'000; ++round) { // far more than a request's memory
            sum += co_await step(exchange);
        }
        co_return text(sum);
    });
}

} // namespace
} // namespace mortise::test
