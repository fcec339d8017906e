// SPDX-License-Identifier: BSL-1.0
// A coroutine that gives one result.
#pragma once

#include <mortise/sdk/detail/promise.hpp>

#include <coroutine>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace mortise {
inline namespace sdk_v0 {

// Thrown out of a co_await where what awaits was cancelled: the client left, time ran out, another
// branch failed, the plugin is to go. It is no std::exception, so that a catch of those does not
// swallow it; catch it only to throw it on. Every later co_await of what was cancelled throws it
// at once, but for what is behind shield().
class cancelled {};

template <class T>
class task;

namespace detail {

template <class T>
class promise final : public promise_base {
public:
    task<T> get_return_object() noexcept;

    template <class From>
        requires std::convertible_to<From, T>
    void return_value(From&& from) {
        result_.emplace(std::forward<From>(from));
    }

    // What the coroutine returned, where it is over and has not thrown.
    T& result() noexcept { return *result_; }
    // The same, moved out; throws what it threw.
    T take() {
        rethrow();
        return std::move(*result_);
    }

private:
    std::optional<T> result_;
};

template <>
class promise<void> final : public promise_base {
public:
    task<void> get_return_object() noexcept;
    void return_void() const noexcept {}
    void take() const { rethrow(); }
};

} // namespace detail

// Lazy: it begins when it is awaited, once, and resumes the line that awaits it with its result or
// its exception. It runs on the loop of that line. Destroyed before it has begun, it never runs;
// one that waits is never destroyed from outside, it is cancelled and unwinds.
//
//     mortise::task<std::string> slow(std::string name) {
//         co_await mortise::sleep_for(100ms);
//         co_return name;
//     }
//     …
//     const std::string name = co_await slow("left");
//
// A coroutine keeps its parameters, but not what they refer to: take strings by value.
template <class T = void>
class [[nodiscard("a task does nothing until it is awaited")]] task {
public:
    using promise_type = detail::promise<T>;
    using value_type = T;

    task(task&& other) noexcept : frame_{std::exchange(other.frame_, nullptr)} {}
    task& operator=(task&& other) noexcept {
        std::swap(frame_, other.frame_);
        return *this;
    }
    ~task() {
        if (frame_ != nullptr) {
            frame_.destroy();
        }
    }

    class awaiter final : public detail::completion {
    public:
        explicit awaiter(std::coroutine_handle<promise_type> frame) noexcept : frame_{frame} {}
        awaiter(const awaiter&) = delete;
        awaiter& operator=(const awaiter&) = delete;

        bool await_ready() const noexcept { return false; }
        // A task that does not wait is over when resume() returns: a loop that awaits many of them
        // takes no stack, also where the compiler makes no tail calls.
        template <detail::task_promise Promise>
        bool await_suspend(std::coroutine_handle<Promise> awaits) {
            frame_.promise().run_in(awaits.promise().scope());
            frame_.resume();
            if (frame_.done()) {
                return false;
            }
            awaits_ = awaits;
            frame_.promise().tell(*this);
            return true;
        }
        T await_resume() { return frame_.promise().take(); }

        std::coroutine_handle<> on_done() noexcept override { return awaits_; }

    private:
        std::coroutine_handle<promise_type> frame_;
        std::coroutine_handle<> awaits_; // once the task waits
    };

    awaiter operator co_await() && noexcept { return awaiter{frame_}; }
    awaiter operator co_await() & noexcept { return awaiter{frame_}; }

    // Used by the SDK.
    std::coroutine_handle<promise_type> frame() const noexcept { return frame_; }
    std::coroutine_handle<promise_type> release() noexcept {
        return std::exchange(frame_, nullptr);
    }

private:
    friend promise_type;
    explicit task(std::coroutine_handle<promise_type> frame) noexcept : frame_{frame} {}

    std::coroutine_handle<promise_type> frame_;
};

namespace detail {

template <class T>
task<T> promise<T>::get_return_object() noexcept {
    return task<T>{std::coroutine_handle<promise>::from_promise(*this)};
}

inline task<void> promise<void>::get_return_object() noexcept {
    return task<void>{std::coroutine_handle<promise>::from_promise(*this)};
}

template <class Type>
inline constexpr bool is_task = false;
template <class T>
inline constexpr bool is_task<task<T>> = true;

} // namespace detail
} // namespace sdk_v0
} // namespace mortise
