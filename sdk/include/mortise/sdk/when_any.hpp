// SPDX-License-Identifier: BSL-1.0
// Several tasks at once, the first of their results.
#pragma once

#include <mortise/sdk/detail/branch.hpp>
#include <mortise/sdk/task.hpp>

#include <coroutine>
#include <cstddef>
#include <tuple>
#include <utility>
#include <variant>

namespace mortise {
inline namespace sdk_v0 {
namespace detail {

template <class... Ts>
class any_awaiter final : public branch_observer {
public:
    using result = std::variant<value_or_nothing<Ts>...>;

    explicit any_awaiter(task<Ts>&&... work) : branches_{std::move(work)...} {}
    any_awaiter(const any_awaiter&) = delete;
    any_awaiter& operator=(const any_awaiter&) = delete;

    bool await_ready() const noexcept { return false; }

    template <task_promise Promise>
    bool await_suspend(std::coroutine_handle<Promise> awaits) {
        join_.open(awaits, sizeof...(Ts));
        std::size_t index = 0;
        for_each([&](auto& branch) {
            branch.begin(awaits.promise().scope(), join_, *this, index++);
            if (first_ != none) {
                branch.cancel(); // one before was over at once
            }
        });
        return !join_.close();
    }

    result await_resume() { return take(std::index_sequence_for<Ts...>{}); }

    void on_branch_done(std::size_t index, bool) noexcept override {
        if (first_ != none) {
            return;
        }
        first_ = index;
        std::size_t at = 0;
        for_each([&](auto& branch) {
            if (at++ != index) {
                branch.cancel();
            }
        });
    }

private:
    static constexpr auto none = static_cast<std::size_t>(-1);

    template <class Call>
    void for_each(Call call) {
        std::apply([&](auto&... branch) { (call(branch), ...); }, branches_);
    }

    template <std::size_t... At>
    result take(std::index_sequence<At...>) {
        using taker = result (*)(any_awaiter&);
        static constexpr taker takers[] = {[](any_awaiter& self) {
            return result{std::in_place_index<At>, std::get<At>(self.branches_).take_value()};
        }...};
        return takers[first_](*this);
    }

    std::tuple<branch<Ts>...> branches_;
    join join_;
    std::size_t first_ = none;
};

} // namespace detail

// Runs the tasks beside each other on this loop. The first that ends gives the result, or the
// exception; index() of the variant tells which it was, and a task<void> gives std::monostate. The
// others are cancelled, and have ended when this resumes.
//
//     const auto first = co_await mortise::when_any(ask(near), ask(far));
template <class... Ts>
    requires(sizeof...(Ts) > 0)
detail::any_awaiter<Ts...> when_any(task<Ts>... work) {
    return detail::any_awaiter<Ts...>{std::move(work)...};
}

} // namespace sdk_v0
} // namespace mortise
