// SPDX-License-Identifier: BSL-1.0
// A task that runs to its end although what awaits it is cancelled.
#pragma once

#include <mortise/sdk/detail/branch.hpp>
#include <mortise/sdk/task.hpp>

#include <coroutine>
#include <cstddef>
#include <utility>

namespace mortise {
inline namespace sdk_v0 {
namespace detail {

template <class T>
class shield_awaiter final : public branch_observer {
public:
    explicit shield_awaiter(task<T>&& work) noexcept : branch_{std::move(work)} {}
    shield_awaiter(const shield_awaiter&) = delete;
    shield_awaiter& operator=(const shield_awaiter&) = delete;

    bool await_ready() const noexcept { return false; }
    template <task_promise Promise>
    bool await_suspend(std::coroutine_handle<Promise> awaits) {
        join_.open(awaits, 1);
        branch_.begin_apart(awaits.promise().scope().services(), join_, *this);
        return !join_.close();
    }
    T await_resume() { return branch_.take(); }

    void on_branch_done(std::size_t, bool) noexcept override {}

private:
    branch<T> branch_;
    join join_;
};

} // namespace detail

// Awaits the task, which cancellation does not reach; the next co_await behind it sees it. For what
// must not stay half done: it runs even where the line was cancelled before. Only a host that ends
// cancels it, when its patience is over.
//
//     co_await mortise::shield(store(order));
template <class T>
detail::shield_awaiter<T> shield(task<T> work) noexcept {
    return detail::shield_awaiter<T>{std::move(work)};
}

} // namespace sdk_v0
} // namespace mortise
