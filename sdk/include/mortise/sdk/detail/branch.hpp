// SPDX-License-Identifier: BSL-1.0
// Tasks that run beside each other while one line waits for them.
#pragma once

#include <mortise/sdk/detail/promise.hpp>
#include <mortise/sdk/task.hpp>

#include <coroutine>
#include <cstddef>
#include <exception>
#include <optional>
#include <utility>
#include <variant>

namespace mortise {
inline namespace sdk_v0 {
namespace detail {

// What a task<void> gives where a value is needed.
template <class T>
using value_or_nothing = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

// Counts the branches of one line and resumes it when all are over.
class join {
public:
    join() = default;
    join(const join&) = delete;
    join& operator=(const join&) = delete;

    // `branches` are to be begun now.
    void open(std::coroutine_handle<> awaits, std::size_t branches) noexcept {
        awaits_ = awaits;
        left_ = branches + 1;
    }
    // All are begun; true: and over already.
    bool close() noexcept { return --left_ == 0; }
    // One is over; what runs next.
    std::coroutine_handle<> leave() noexcept {
        return --left_ == 0 ? awaits_ : std::noop_coroutine();
    }

private:
    std::coroutine_handle<> awaits_;
    std::size_t left_ = 0;
};

// Told of each branch that is over, before the join is.
class branch_observer {
public:
    virtual void on_branch_done(std::size_t index, bool has_thrown) noexcept = 0;

protected:
    ~branch_observer() = default;
};

// One of the tasks, in a scope of its own.
template <class T>
class branch final : public completion {
public:
    explicit branch(task<T>&& work) noexcept : work_{std::move(work)} {}
    branch(const branch&) = delete;
    branch& operator=(const branch&) = delete;

    void begin(scope& above, join& all, branch_observer& observer, std::size_t index) {
        join_ = &all;
        observer_ = &observer;
        index_ = index;
        scope_.emplace(above);
        resume();
    }
    // In a tree of its own: what cancels the line does not reach it.
    void begin_apart(const services& services, join& all, branch_observer& observer) {
        join_ = &all;
        observer_ = &observer;
        scope_.emplace(services);
        resume();
    }

    void cancel() noexcept {
        if (scope_) {
            scope_->cancel();
        }
    }

    bool has_thrown() const noexcept { return work_.frame().promise().has_thrown(); }
    std::exception_ptr thrown() const noexcept { return work_.frame().promise().thrown(); }

    T take() { return work_.frame().promise().take(); }
    value_or_nothing<T> take_value() {
        if constexpr (std::is_void_v<T>) {
            take();
            return {};
        } else {
            return take();
        }
    }

    std::coroutine_handle<> on_done() noexcept override {
        observer_->on_branch_done(index_, has_thrown());
        return join_->leave();
    }

private:
    void resume() {
        const auto frame = work_.frame();
        frame.promise().run_in(*scope_);
        frame.promise().tell(*this);
        frame.resume();
    }

    task<T> work_;
    std::optional<scope> scope_;
    join* join_ = nullptr;
    branch_observer* observer_ = nullptr;
    std::size_t index_ = 0;
};

} // namespace detail
} // namespace sdk_v0
} // namespace mortise
