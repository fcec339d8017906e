// SPDX-License-Identifier: BSL-1.0
// A task that may take only so long.
#pragma once

#include <mortise/sdk/detail/branch.hpp>
#include <mortise/sdk/sleep.hpp>
#include <mortise/sdk/task.hpp>

#include <chrono>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <stdexcept>
#include <utility>

namespace mortise {
inline namespace sdk_v0 {

// Thrown by with_timeout().
class timed_out : public std::runtime_error {
public:
    timed_out() : std::runtime_error{"it did not end in time"} {}
};

namespace detail {

template <class T>
class timeout_awaiter final : public branch_observer {
public:
    timeout_awaiter(std::chrono::nanoseconds limit, task<T>&& work)
        : limit_{limit}, branch_{std::move(work)} {
        operation_.size = sizeof operation_;
        operation_.complete = on_time;
        operation_.user = this;
    }
    timeout_awaiter(const timeout_awaiter&) = delete;
    timeout_awaiter& operator=(const timeout_awaiter&) = delete;

    bool await_ready() const noexcept { return false; }

    template <task_promise Promise>
    bool await_suspend(std::coroutine_handle<Promise> awaits) {
        scope& above = awaits.promise().scope();
        services_ = &above.services();
        const auto when = time_after(*services_, limit_);
        const auto status = services_->timer->wait(services_->instance, when, &operation_);
        if (status != MORTISE_PENDING) {
            throw_failure(status, "with_timeout()");
        }
        join_.open(awaits, 2);
        branch_.begin(above, join_, *this, 0);
        return !join_.close();
    }

    T await_resume() {
        if (is_late_ && branch_.has_thrown()) {
            throw_in_its_place(branch_.thrown());
        }
        return branch_.take();
    }

    void on_branch_done(std::size_t, bool) noexcept override {
        is_done_ = true;
        services_->host.cancel(&operation_);
    }

private:
    // The task ended by its cancellation, which is ours; or, after that, by something else.
    [[noreturn]] static void throw_in_its_place(const std::exception_ptr& thrown) {
        try {
            std::rethrow_exception(thrown);
        } catch (const cancelled&) {
            throw timed_out{};
        }
    }

    static void on_time(mortise_operation* operation, std::int32_t status) noexcept {
        auto& self = *static_cast<timeout_awaiter*>(operation->user);
        if (status == MORTISE_OK && !self.is_done_) {
            self.is_late_ = true;
            self.branch_.cancel();
        }
        self.join_.leave().resume();
    }

    std::chrono::nanoseconds limit_;
    branch<T> branch_;
    join join_;
    const services* services_ = nullptr;
    bool is_done_ = false;
    bool is_late_ = false;
    mortise_operation operation_{};
};

} // namespace detail

// Gives the task's result or exception, if it ends within `limit`. Else the task is cancelled, and
// once it has ended, timed_out is thrown; a result that it gives nevertheless is the result.
//
//     const auto price = co_await mortise::with_timeout(200ms, ask(peer));
template <class T>
detail::timeout_awaiter<T> with_timeout(std::chrono::nanoseconds limit, task<T> work) {
    return detail::timeout_awaiter<T>{limit, std::move(work)};
}

} // namespace sdk_v0
} // namespace mortise
