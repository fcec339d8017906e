// SPDX-License-Identifier: BSL-1.0
// Several tasks at once, all of their results.
#pragma once

#include <mortise/sdk/detail/branch.hpp>
#include <mortise/sdk/task.hpp>

#include <coroutine>
#include <cstddef>
#include <deque>
#include <exception>
#include <iterator>
#include <ranges>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace mortise {
inline namespace sdk_v0 {
namespace detail {

// The first exception is the line's; it cancels the other branches, which end first.
template <class Branches>
class gather_base : public branch_observer {
public:
    gather_base(const gather_base&) = delete;
    gather_base& operator=(const gather_base&) = delete;

    bool await_ready() const noexcept { return false; }

    template <task_promise Promise>
    bool await_suspend(std::coroutine_handle<Promise> awaits) {
        auto& self = static_cast<Branches&>(*this);
        join_.open(awaits, self.size());
        std::size_t index = 0;
        self.for_each([&](auto& branch) {
            branch.begin(awaits.promise().scope(), join_, *this, index++);
            if (thrown_ != nullptr) {
                branch.cancel(); // one before has failed at once
            }
        });
        return !join_.close();
    }

    void on_branch_done(std::size_t index, bool has_thrown) noexcept override {
        if (!has_thrown || thrown_ != nullptr) {
            return;
        }
        std::size_t at = 0;
        static_cast<Branches&>(*this).for_each([&](auto& branch) {
            if (at++ == index) {
                thrown_ = branch.thrown();
            } else {
                branch.cancel();
            }
        });
    }

protected:
    gather_base() = default;
    ~gather_base() = default;

    void rethrow() const {
        if (thrown_ != nullptr) {
            std::rethrow_exception(thrown_);
        }
    }

private:
    join join_;
    std::exception_ptr thrown_;
};

template <class... Ts>
class gather_tuple final : public gather_base<gather_tuple<Ts...>> {
public:
    explicit gather_tuple(task<Ts>&&... work) : branches_{std::move(work)...} {}

    static constexpr std::size_t size() noexcept { return sizeof...(Ts); }
    template <class Call>
    void for_each(Call call) {
        std::apply([&](auto&... branch) { (call(branch), ...); }, branches_);
    }

    std::tuple<value_or_nothing<Ts>...> await_resume() {
        this->rethrow();
        return std::apply(
            [](auto&... branch) {
                return std::tuple<value_or_nothing<Ts>...>{branch.take_value()...};
            },
            branches_);
    }

private:
    std::tuple<branch<Ts>...> branches_;
};

template <class T>
class gather_range final : public gather_base<gather_range<T>> {
public:
    template <class Range>
    explicit gather_range(Range& work) {
        for (task<T>& each : work) {
            branches_.emplace_back(std::move(each));
        }
    }

    std::size_t size() const noexcept { return branches_.size(); }
    template <class Call>
    void for_each(Call call) {
        for (auto& each : branches_) {
            call(each);
        }
    }

    auto await_resume() {
        this->rethrow();
        if constexpr (!std::is_void_v<T>) {
            std::vector<T> values;
            values.reserve(branches_.size());
            for (auto& each : branches_) {
                values.push_back(each.take());
            }
            return values;
        }
    }

private:
    std::deque<branch<T>> branches_;
};

} // namespace detail

// Runs the tasks beside each other on this loop and gives all results, in their order; a
// task<void> gives std::monostate. Where one throws, the others are cancelled, and once all have
// ended the first exception goes to the line that awaits.
//
//     auto [left, right] = co_await mortise::gather(slow("left"), slow("right"));
template <class... Ts>
detail::gather_tuple<Ts...> gather(task<Ts>... work) {
    return detail::gather_tuple<Ts...>{std::move(work)...};
}

// The same with any number of tasks, which are moved out of `work`: a std::vector of the results;
// nothing where they have none.
//
//     std::vector<mortise::task<int>> work;
//     …
//     const std::vector<int> prices = co_await mortise::gather(work);
template <std::ranges::forward_range Range>
    requires detail::is_task<std::ranges::range_value_t<Range>>
auto gather(Range& work) {
    using T = typename std::ranges::range_value_t<Range>::value_type;
    return detail::gather_range<T>{work};
}

} // namespace sdk_v0
} // namespace mortise
