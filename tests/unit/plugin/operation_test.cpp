// SPDX-License-Identifier: BSL-1.0
// Operations of plugins: each completes once, on its loop, and never within a call.
#include "unit/plugin/extension.hpp"
#include "unit/plugin/fixture.hpp"

#include <atomic>
#include <future>
#include <gtest/gtest.h>
#include <memory>
#include <thread>
#include <vector>

namespace mortise::plugin {
namespace {

constexpr std::uint64_t hour = 3'600'000'000'000; // nanoseconds

class Operation : public testing::Test {
protected:
    test::small_host host;
    test::served served{host, "sound"};
    mortise_instance* self = served.plugin().abi();
    test::noted_operation one;

    std::int32_t wait(test::noted_operation& noted, std::uint64_t from_now) {
        return test::timer().wait(self, test::timer().now(self) + from_now, &noted.operation);
    }
};

TEST_F(Operation, CompletesAtItsTime) {
    ASSERT_EQ(wait(one, 1'000'000), MORTISE_PENDING);
    EXPECT_EQ(host.loop.operations().count_of(served.plugin()), 1U);
    host.run_until([&] { return one.is_over(); });
    EXPECT_EQ(one.status, MORTISE_OK);
    EXPECT_TRUE(host.loop.operations().is_empty());
}

TEST_F(Operation, CompletesLaterThoughItsTimeHasPassed) {
    ASSERT_EQ(test::timer().wait(self, 0, &one.operation), MORTISE_PENDING);
    EXPECT_FALSE(one.is_over());
    host.run_until([&] { return one.is_over(); });
    EXPECT_EQ(one.status, MORTISE_OK);
}

TEST_F(Operation, IsCancelledInATurnOfItsOwn) {
    ASSERT_EQ(wait(one, hour), MORTISE_PENDING);
    host_services().cancel(&one.operation);
    host_services().cancel(&one.operation);
    EXPECT_FALSE(one.is_over());
    host.run_until([&] { return one.is_over(); });
    EXPECT_EQ(one.status, MORTISE_E_CANCELLED);
    EXPECT_EQ(one.times, 1);
    host_services().cancel(&one.operation); // it is over
    EXPECT_TRUE(host.loop.operations().is_empty());
}

TEST_F(Operation, IsStartedAnewWhenItCompletes) {
    int rounds = 0;
    one.on_complete = [&] {
        if (++rounds != 3) {
            EXPECT_EQ(wait(one, 0), MORTISE_PENDING);
        }
    };
    ASSERT_EQ(wait(one, 0), MORTISE_PENDING);
    host.run_until([&] { return rounds == 3; });
    EXPECT_TRUE(host.loop.operations().is_empty());
}

TEST_F(Operation, IsFreedWhenItCompletes) {
    auto owned = std::make_unique<test::noted_operation>();
    bool is_freed = false;
    owned->on_complete = [&] {
        const auto call = std::move(owned->on_complete); // outlives its operation
        is_freed = true;
        owned.reset();
    };
    ASSERT_EQ(wait(*owned, 0), MORTISE_PENDING);
    host.run_until([&] { return is_freed; });
}

TEST_F(Operation, IsCancelledWithAllOthersOfItsPlugin) {
    test::served other{host, "declines"};
    test::noted_operation of_other;
    ASSERT_EQ(wait(one, hour), MORTISE_PENDING);
    ASSERT_EQ(test::timer().wait(other.plugin().abi(), UINT64_MAX, &of_other.operation),
              MORTISE_PENDING);
    host.loop.operations().cancel_of(served.plugin());
    host.run_until([&] { return one.is_over(); });
    EXPECT_FALSE(of_other.is_over());
    host.loop.operations().cancel_all();
    host.run_until([&] { return of_other.is_over(); });
    EXPECT_EQ(of_other.status, MORTISE_E_CANCELLED);
}

TEST_F(Operation, IsRefusedWithoutAComplete) {
    one.operation.complete = nullptr;
    EXPECT_EQ(wait(one, 0), MORTISE_E_INVALID);
    EXPECT_EQ(host.reports.count("timer wait(): the operation is null, smaller than"), 1U);
    EXPECT_EQ(test::timer().wait(self, 0, nullptr), MORTISE_E_INVALID);
    EXPECT_EQ(test::timer().wait(nullptr, 0, &one.operation), MORTISE_E_INVALID);
}

TEST_F(Operation, IsRefusedWhereItIsTooSmall) {
    one.operation.size = 16;
    EXPECT_EQ(wait(one, 0), MORTISE_E_INVALID);
}

TEST_F(Operation, IsRefusedOnAThreadThatIsNoLoop) {
    std::thread{[&] { EXPECT_EQ(wait(one, 0), MORTISE_E_THREAD); }}.join();
    EXPECT_EQ(host.reports.count("timer wait(): called on a thread that is no event loop"), 1U);
}

TEST_F(Operation, IsRefusedOnceItsPluginHasLeftTheLoop) {
    served.plugin().leave_loop(host.loop);
    EXPECT_EQ(wait(one, 0), MORTISE_E_CLOSED);
}

class Offload : public Operation {
protected:
    static void pass(void* gate) { static_cast<std::promise<void>*>(gate)->get_future().get(); }
    static void count(void* number) { ++*static_cast<std::atomic<int>*>(number); }

    std::int32_t run(void (*work)(void*), void* argument, test::noted_operation& noted) {
        return test::offload().run(self, work, argument, &noted.operation);
    }
    std::atomic<int> ran = 0;
};

TEST_F(Offload, RunsOnceAndThenCompletes) {
    ASSERT_EQ(run(count, &ran, one), MORTISE_PENDING);
    host.run_until([&] { return one.is_over(); });
    EXPECT_EQ(one.status, MORTISE_OK);
    EXPECT_EQ(ran, 1);
}

TEST_F(Offload, ThatHasBegunIsCancelledWhenItHasEnded) {
    struct two_gates {
        std::promise<void> begun;
        std::promise<void> may_end;
    } gates;
    const auto work = [](void* argument) {
        auto& both = *static_cast<two_gates*>(argument);
        both.begun.set_value();
        both.may_end.get_future().get();
    };
    ASSERT_EQ(run(work, &gates, one), MORTISE_PENDING);
    gates.begun.get_future().get();
    host_services().cancel(&one.operation);
    EXPECT_FALSE(one.is_over());
    gates.may_end.set_value();
    host.run_until([&] { return one.is_over(); });
    EXPECT_EQ(one.status, MORTISE_E_CANCELLED);
}

TEST_F(Offload, ThatWaitsIsCancelledWithoutRunning) {
    std::promise<void> gate;
    test::noted_operation two;
    ASSERT_EQ(run(pass, &gate, one), MORTISE_PENDING);
    ASSERT_EQ(run(count, &ran, two), MORTISE_PENDING);
    host_services().cancel(&two.operation);
    host.run_until([&] { return two.is_over(); });
    EXPECT_EQ(two.status, MORTISE_E_CANCELLED);
    gate.set_value();
    host.run_until([&] { return one.is_over(); });
    EXPECT_EQ(ran, 0);
}

TEST_F(Offload, IsRefusedWhereTooMuchIsQueued) {
    std::promise<void> gate;
    std::vector<std::unique_ptr<test::noted_operation>> begun;
    std::int32_t status = MORTISE_PENDING;
    ASSERT_EQ(run(pass, &gate, one), MORTISE_PENDING);
    while (status == MORTISE_PENDING) {
        begun.push_back(std::make_unique<test::noted_operation>());
        status = run(count, &ran, *begun.back());
    }
    EXPECT_EQ(status, MORTISE_E_BUSY);
    EXPECT_LE(begun.size(), 4U); // a queue of two
    gate.set_value();
    host.run_until([&] { return host.loop.operations().is_empty(); });
    EXPECT_EQ(static_cast<std::size_t>(ran), begun.size() - 1);
}

TEST_F(Offload, NeedsWork) {
    EXPECT_EQ(run(nullptr, nullptr, one), MORTISE_E_INVALID);
}

class HeldExchange : public Operation {
protected:
    loopback::exchange exchange{http::method::get, "/"};
    mortise_exchange number = host.table.hold(exchange, *served.plugin().handlers()[0]);
    int calls = 0;
    static void count_call(void* calls) { ++*static_cast<int*>(calls); }
};

TEST_F(HeldExchange, GivesMemoryOfItsOwn) {
    auto* const bytes = static_cast<char*>(host_services().allocate(number, 5000, 64));
    ASSERT_NE(bytes, nullptr);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(bytes) % 64, 0U);
    std::fill_n(bytes, 5000, 'x');
}

TEST_F(HeldExchange, GivesNoMemoryForWhatIsNoPowerOfTwoOrTooMuch) {
    EXPECT_EQ(host_services().allocate(number, 1, 3), nullptr);
    EXPECT_EQ(host_services().allocate(number, SIZE_MAX, 8), nullptr);
}

TEST_F(HeldExchange, GivesNoMemoryOnceItIsOver) {
    host.table.take(number);
    EXPECT_EQ(host_services().allocate(number, 1, 1), nullptr);
    EXPECT_EQ(host.reports.count("allocate(): the exchange is over, or never was"), 1U);
}

TEST_F(HeldExchange, TellsWhenItIsGivenUp) {
    ASSERT_EQ(host_services().on_cancel(number, count_call, &calls), MORTISE_OK);
    exchange.abandon({499, "The client has left"});
    EXPECT_EQ(calls, 1);
    EXPECT_EQ(host_services().on_cancel(number, count_call, &calls), MORTISE_E_CANCELLED);
}

TEST_F(HeldExchange, TellsNobodyWhoTookItBack) {
    ASSERT_EQ(host_services().on_cancel(number, count_call, &calls), MORTISE_OK);
    ASSERT_EQ(host_services().on_cancel(number, nullptr, nullptr), MORTISE_OK);
    exchange.abandon({499, "The client has left"});
    EXPECT_EQ(calls, 0);
}

TEST_F(HeldExchange, IsForItsLoopAlone) {
    std::thread{[&] {
        EXPECT_EQ(host_services().allocate(number, 1, 1), nullptr);
        EXPECT_EQ(host_services().on_cancel(number, count_call, &calls), MORTISE_E_THREAD);
    }}.join();
}

} // namespace
} // namespace mortise::plugin
