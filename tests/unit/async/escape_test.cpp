// SPDX-License-Identifier: BSL-1.0
// A thread is taken out of a call that does not return.
#include "async/escape.hpp"
#include "async/loop.hpp"
#include "async/loop_pool.hpp"

#include <boost/asio/post.hpp>

#include <atomic>
#include <csignal>
#include <future>
#include <gtest/gtest.h>
#include <pthread.h>
#include <ucontext.h>

namespace mortise::async {
namespace {

// Spins for good in a turn of its loop, as often as it is asked to.
class spinner final : public loop::turn {
public:
    explicit spinner(loop& of) : loop_{of} {}

    void go_on() override { ++times_gone_on; }

    void spin() {
        const loop::in_turn here{loop_, *this};
        boost::asio::post(loop_.context(), [this] { ++posted_before_that_run; });
        escape_ = escape::of_this_thread();
        innermost = this;
        is_spinning = true;
        is_spinning.notify_all();
        const volatile bool goes_on = true;
        while (goes_on) {
        }
    }

    // Lets the loop's thread leave, once it spins.
    void leave(pthread_t thread) {
        is_spinning.wait(false);
        is_spinning = false;
        ::pthread_kill(thread, SIGRTMIN);
    }

    static void on_signal(int, siginfo_t*, void* context) noexcept {
        was_possible = innermost.load()->escape_.begin(context, serve_on, innermost);
    }

    std::atomic<bool> is_spinning{false};
    std::atomic<int> times_gone_on{0};
    std::atomic<int> posted_before_that_run{0};
    static inline std::atomic<bool> was_possible{false};

private:
    static void serve_on(void* self) { static_cast<spinner*>(self)->loop_.go_on(); }

    loop& loop_;
    escape escape_;
    static inline std::atomic<spinner*> innermost{nullptr};
};

class Escape : public testing::Test {
protected:
    void SetUp() override {
        if (!escape::is_possible()) {
            GTEST_SKIP() << "this build cannot";
        }
        struct sigaction action {};
        action.sa_sigaction = spinner::on_signal;
        action.sa_flags = SA_SIGINFO | SA_ONSTACK;
        ::sigaction(SIGRTMIN, &action, nullptr);
        loops.start();
        std::promise<pthread_t> told;
        loops[0].post([&told] {
            sigset_t taken;
            ::sigemptyset(&taken);
            ::sigaddset(&taken, SIGRTMIN);
            ::pthread_sigmask(SIG_UNBLOCK, &taken, nullptr);
            told.set_value(::pthread_self());
        });
        thread = told.get_future().get();
    }

    // In a turn of its own, which is left.
    void spin(spinner& spins) {
        loops[0].post([&] { boost::asio::post(loops[0].context(), [&spins] { spins.spin(); }); });
        spins.leave(thread);
    }

    // Whether the loop runs what is posted to it.
    bool serves() {
        std::promise<bool> served;
        return loops[0].post([&served] { served.set_value(true); }) && served.get_future().get();
    }

    loop_pool loops{1};
    pthread_t thread{};
};

TEST_F(Escape, LetsALoopGoOnBehindACallThatDoesNotReturn) {
    spinner spins{loops[0]};
    spin(spins);
    EXPECT_TRUE(serves());
    EXPECT_TRUE(spinner::was_possible);
    EXPECT_EQ(spins.times_gone_on, 1);
    EXPECT_EQ(spins.posted_before_that_run, 1);
    loops.stop();
    EXPECT_FALSE(loops[0].wait_for_end());
}

TEST_F(Escape, IsPossibleWithinAnother) {
    spinner spins{loops[0]};
    for (int times = 1; times <= 20; ++times) {
        spin(spins);
        EXPECT_TRUE(serves());
        EXPECT_EQ(spins.times_gone_on, times);
        EXPECT_EQ(spins.posted_before_that_run, times);
    }
}

#if defined(__x86_64__) // whose registers have other names elsewhere
TEST_F(Escape, IsNotForWhoHasUsedHalfOfItsStack) {
    std::promise<bool> answered;
    loops[0].post([&answered] {
        ucontext_t context{};
        ::getcontext(&context);
        context.uc_mcontext.gregs[REG_RSP] -= 5 * 1024 * 1024; // of eight
        const auto of_this_thread = escape::of_this_thread();
        answered.set_value(of_this_thread.begin(&context, nullptr, nullptr));
    });
    EXPECT_FALSE(answered.get_future().get());
}
#endif

TEST_F(Escape, IsNoneWithoutAThread) {
    ucontext_t context{};
    ::getcontext(&context);
    EXPECT_FALSE(escape{}.begin(&context, nullptr, nullptr));
}

} // namespace
} // namespace mortise::async
