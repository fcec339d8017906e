// SPDX-License-Identifier: BSL-1.0
// Virtual time, posts and offloaded work of the testing host.
#include "unit/sdk/border_plugin.hpp"

#include <mortise/testing.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <gtest/gtest.h>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace mortise::test {
namespace {

using namespace std::chrono_literals;
using statuses = std::vector<std::int32_t>;
using texts = std::vector<std::string>;

class TestingTime : public ::testing::Test {
protected:
    // GET /wait waits for `time` and answers.
    void add_waiting_route(std::chrono::nanoseconds time) {
        border_.on("GET", "/wait", MORTISE_ROUTE_MAY_WAIT,
                   [this, time](mortise_exchange exchange, const mortise_request&) {
                       operation_.then = [this, exchange](std::int32_t status) {
                           border_.reply(exchange, std::to_string(status));
                       };
                       return wait(time);
                   });
    }
    // GET /work offloads `call` and answers.
    void add_working_route(std::function<void()> call) {
        work_ = std::move(call);
        border_.on("GET", "/work", MORTISE_ROUTE_MAY_WAIT,
                   [this](mortise_exchange exchange, const mortise_request&) {
                       operation_.then = [this, exchange](std::int32_t status) {
                           border_.reply(exchange, std::to_string(status));
                       };
                       started_ = border_.offload().run(
                           border_.instance,
                           [](void* work) { (*static_cast<std::function<void()>*>(work))(); },
                           &work_, &operation_);
                       if (started_ != MORTISE_PENDING) {
                           border_.reply(exchange, "refused");
                           return MORTISE_REPLIED;
                       }
                       return MORTISE_PENDING;
                   });
    }
    std::int32_t wait(std::chrono::nanoseconds time) {
        const auto when =
            border_.timer().now(border_.instance) + static_cast<std::uint64_t>(time.count());
        return border_.timer().wait(border_.instance, when, &operation_);
    }

    border_plugin border_;
    kept_operation operation_;
    std::function<void()> work_;
    mortise_exchange forgotten_ = 0;
    std::int32_t started_ = MORTISE_OK;
};

TEST_F(TestingTime, StandsStillUntilItIsAdvanced) {
    add_waiting_route(100ms);
    testing::host host;
    auto plugin = host.load(border_.descriptor());
    const auto pending = plugin.begin(testing::get("/wait"));
    host.run();
    EXPECT_FALSE(pending.is_answered());
    host.advance(99ms);
    EXPECT_FALSE(pending.is_answered());
    host.advance(1ms);
    EXPECT_TRUE(pending.is_answered());
    EXPECT_EQ(pending.content(), "0");
    EXPECT_EQ(host.faults(), texts{});
}

TEST_F(TestingTime, PassesWhileAnAnswerIsWaitedFor) {
    add_waiting_route(1h);
    testing::host host{{.patience = 2h}};
    auto plugin = host.load(border_.descriptor());
    const auto before = host.now();
    EXPECT_EQ(plugin.send(testing::get("/wait")).content(), "0");
    EXPECT_EQ(host.now() - before, 1h);
}

TEST_F(TestingTime, SaysWhatItWaitsForWhereNoAnswerComes) {
    add_waiting_route(1h);
    border_.on("GET", "/never", MORTISE_ROUTE_MAY_WAIT,
               [this](mortise_exchange exchange, const mortise_request&) {
                   forgotten_ = exchange;
                   return MORTISE_PENDING;
               });
    testing::host host;
    auto plugin = host.load(border_.descriptor());
    const auto reason = [&](testing::request asked) -> std::string {
        try {
            plugin.send(std::move(asked));
        } catch (const testing::failure& failure) {
            return failure.what();
        }
        return "none";
    };
    EXPECT_EQ(
        reason(testing::get("/never")),
        "GET /never is not answered: no operation is pending that would call the plugin again");
    EXPECT_EQ(reason(testing::get("/wait")), "GET /wait is not answered within the host's "
                                             "patience: pending is border: timer wait()");
    plugin.unload();
    EXPECT_EQ(host.faults(),
              texts{"border, GET /never: reply(): is owed, also after the host gave up"});
}

TEST_F(TestingTime, RunsTimersInTheirOrderEachAtItsTime) {
    testing::host host;
    auto plugin = host.load(border_.descriptor());
    std::string order;
    kept_operation first;
    kept_operation second;
    kept_operation third;
    const auto start = border_.timer().now(border_.instance);
    const auto at = [&](kept_operation& operation, std::uint64_t when, char name) {
        operation.then = [&order, this, start, name](std::int32_t) {
            order += name + std::to_string(border_.timer().now(border_.instance) - start) + " ";
        };
        EXPECT_EQ(border_.timer().wait(border_.instance, start + when, &operation),
                  MORTISE_PENDING);
    };
    host.on_loop([&] {
        at(second, 20, 'b');
        at(first, 10, 'a');
        at(third, 20, 'c');
    });
    host.advance(1us);
    EXPECT_EQ(order, "a10 b20 c20 ");
}

TEST_F(TestingTime, LetsATimerCancelTheOneDueBehindIt) {
    testing::host host;
    auto plugin = host.load(border_.descriptor());
    kept_operation other;
    operation_.then = [&](std::int32_t) { border_.host->cancel(&other); };
    host.on_loop([&] {
        wait(10ms);
        border_.timer().wait(border_.instance, border_.timer().now(border_.instance) + 10'000'000,
                             &other);
    });
    host.advance(1s);
    EXPECT_EQ(operation_.statuses, statuses{MORTISE_OK});
    EXPECT_EQ(other.statuses, statuses{MORTISE_E_CANCELLED});
}

TEST_F(TestingTime, CancelsInATurnOfItsOwnAndOnce) {
    testing::host host;
    auto plugin = host.load(border_.descriptor());
    host.on_loop([&] {
        wait(1s);
        border_.host->cancel(&operation_);
        border_.host->cancel(&operation_);
        EXPECT_EQ(operation_.statuses, statuses{});
    });
    EXPECT_EQ(operation_.statuses, statuses{MORTISE_E_CANCELLED});
    host.on_loop([&] { border_.host->cancel(&operation_); });
    EXPECT_EQ(operation_.statuses, statuses{MORTISE_E_CANCELLED});
}

TEST_F(TestingTime, StartsAnOperationAnewInItsCompletion) {
    testing::host host;
    auto plugin = host.load(border_.descriptor());
    operation_.then = [&](std::int32_t) {
        if (operation_.statuses.size() < 3) {
            EXPECT_EQ(wait(1s), MORTISE_PENDING);
        }
    };
    host.on_loop([&] { wait(1s); });
    host.advance(1min);
    EXPECT_EQ(operation_.statuses, (statuses{MORTISE_OK, MORTISE_OK, MORTISE_OK}));
}

TEST_F(TestingTime, CancelsWhatIsPendingAtTheEnd) {
    testing::host host;
    auto plugin = host.load(border_.descriptor());
    host.on_loop([&] { wait(1s); });
    plugin.unload();
    EXPECT_EQ(operation_.statuses, statuses{MORTISE_E_CANCELLED});
    EXPECT_EQ(host.faults(), texts{});
}

TEST_F(TestingTime, RunsPostsOfEveryThreadInOrder) {
    testing::host host;
    auto plugin = host.load(border_.descriptor());
    static std::string order;
    order.clear();
    std::thread{[&] {
        border_.loops().post(
            border_.loop, [](void*) { order += 'a'; }, nullptr);
        border_.loops().post(
            border_.loop, [](void*) { order += 'b'; }, nullptr);
    }}.join();
    EXPECT_EQ(order, "");
    host.run();
    EXPECT_EQ(order, "ab");
    plugin.unload();
    EXPECT_EQ(border_.loops().post(
                  border_.loop, [](void*) { order += 'c'; }, nullptr),
              MORTISE_E_CLOSED);
    EXPECT_EQ(host.faults(), texts{"loop post(): called after loop_stop has returned"});
}

TEST_F(TestingTime, RefusesToRunALoopThatNeverRests) {
    testing::host host;
    auto plugin = host.load(border_.descriptor());
    static border_plugin* self = &border_;
    static bool goes_on = true;
    static void (*again)(void*) = [](void*) {
        if (goes_on) {
            self->loops().post(self->loop, again, nullptr);
        }
    };
    EXPECT_THROW(host.on_loop([] { again(nullptr); }), testing::failure);
    goes_on = false;
}

TEST_F(TestingTime, OffloadsToAnotherThreadAndWaitsForIt) {
    std::atomic<std::thread::id> ran_on{};
    add_working_route([&] { ran_on = std::this_thread::get_id(); });
    testing::host host;
    auto plugin = host.load(border_.descriptor());
    EXPECT_EQ(plugin.send(testing::get("/work")).content(), "0");
    EXPECT_NE(ran_on.load(), std::thread::id{});
    EXPECT_NE(ran_on.load(), std::this_thread::get_id());
}

TEST_F(TestingTime, OffloadsInlineWhereAskedTo) {
    std::thread::id ran_on;
    std::int32_t waited = MORTISE_OK;
    kept_operation other;
    add_working_route([&] {
        ran_on = std::this_thread::get_id();
        waited = border_.timer().wait(border_.instance, 0, &other);
    });
    testing::host host{{.offloads_inline = true}};
    auto plugin = host.load(border_.descriptor());
    const auto pending = plugin.begin(testing::get("/work"));
    EXPECT_EQ(ran_on, std::thread::id{});
    host.run();
    EXPECT_TRUE(pending.is_answered());
    EXPECT_EQ(ran_on, std::this_thread::get_id());
    EXPECT_EQ(waited, MORTISE_E_THREAD);
    EXPECT_EQ(host.faults(), texts{"border: timer wait(): called where no event loop runs it"});
}

TEST_F(TestingTime, NeverRunsWorkThatIsCancelledBeforeItBegins) {
    bool has_run = false;
    add_working_route([&] { has_run = true; });
    testing::host host;
    auto plugin = host.load(border_.descriptor());
    const auto pending = plugin.begin(testing::get("/work"));
    host.on_loop([&] { border_.host->cancel(&operation_); });
    EXPECT_EQ(pending.content(), std::to_string(MORTISE_E_CANCELLED));
    EXPECT_FALSE(has_run);
}

TEST_F(TestingTime, CompletesCancelledWorkWhenItHasReturned) {
    bool has_run = false;
    add_working_route([&] { has_run = true; });
    testing::host host;
    auto plugin = host.load(border_.descriptor());
    host.hold_work();
    const auto pending = plugin.begin(testing::get("/work"));
    host.advance(1s);
    host.on_loop([&] { border_.host->cancel(&operation_); });
    host.advance(1s);
    EXPECT_FALSE(pending.is_answered());
    host.release_work();
    host.run();
    EXPECT_TRUE(has_run);
    EXPECT_EQ(pending.content(), std::to_string(MORTISE_E_CANCELLED));
}

TEST_F(TestingTime, IsBusyBeyondItsLimitOfWork) {
    add_working_route([] {});
    testing::host host{{.offload_limit = 0}};
    auto plugin = host.load(border_.descriptor());
    EXPECT_EQ(plugin.send(testing::get("/work")).content(), "refused");
    EXPECT_EQ(started_, MORTISE_E_BUSY);
}

TEST_F(TestingTime, RunsWhatWorkPostsWhileItIsWaitedFor) {
    static std::atomic<bool> was_posted;
    was_posted = false;
    add_working_route([&] {
        border_.loops().post(
            border_.loop,
            [](void*) {
                was_posted = true;
                was_posted.notify_all();
            },
            nullptr);
        was_posted.wait(false);
    });
    testing::host host;
    auto plugin = host.load(border_.descriptor());
    EXPECT_EQ(plugin.send(testing::get("/work")).content(), "0");
}

TEST_F(TestingTime, RecordsWorkThatThrows) {
    add_working_route([] { throw 7; });
    testing::host host;
    auto plugin = host.load(border_.descriptor());
    plugin.send(testing::get("/work"));
    EXPECT_EQ(host.faults(), texts{"border: offload run(): an exception crossed the border"});
}

} // namespace
} // namespace mortise::test
