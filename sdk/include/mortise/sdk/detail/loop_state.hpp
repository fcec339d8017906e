// SPDX-License-Identifier: BSL-1.0
// What an instance has on each loop: its background tasks.
#pragma once

#include <mortise/sdk/detail/promise.hpp>
#include <mortise/sdk/detail/scope.hpp>
#include <mortise/sdk/detail/services.hpp>
#include <mortise/sdk/log.hpp>
#include <mortise/sdk/task.hpp>

#include <coroutine>
#include <cstddef>
#include <exception>
#include <optional>
#include <utility>

namespace mortise {
inline namespace sdk_v0 {
namespace detail {

// Made by loop_start, destroyed by loop_stop: by then the host has ended every operation, and so
// every task. Thread: its loop's.
class loop_state {
public:
    explicit loop_state(const detail::services& services) noexcept
        : services_{services}, background_{services} {}
    loop_state(const loop_state&) = delete;
    loop_state& operator=(const loop_state&) = delete;

    const detail::services& services() const noexcept { return services_; }
    // Every background task runs in a scope below this one.
    scope& background() noexcept { return background_; }

    std::size_t spawned() const noexcept { return spawned_; }
    void count_begun() noexcept { ++spawned_; }
    void count_ended() noexcept { --spawned_; }

private:
    const detail::services& services_;
    scope background_;
    std::size_t spawned_ = 0;
};

// A background task with the callable that made it, whose captures its coroutine may use.
template <class Work>
class spawned final : public completion {
public:
    template <class From>
    spawned(loop_state& on, From&& work)
        : loop_{on}, scope_{on.background()}, work_(std::forward<From>(work)) {
        loop_.count_begun();
    }

    void begin() {
        task_.emplace(work_());
        const auto frame = task_->frame();
        frame.promise().run_in(scope_);
        frame.promise().tell(*this);
        frame.resume();
    }

    std::coroutine_handle<> on_done() noexcept override {
        report();
        delete this;
        return std::noop_coroutine();
    }
    ~spawned() { loop_.count_ended(); }

private:
    void report() const noexcept {
        const log log{loop_.services()};
        try {
            task_->frame().promise().take();
        } catch (const cancelled&) { // as it should
        } catch (const std::exception& error) {
            log.error("a spawned task threw: ", error.what());
        } catch (...) {
            log.error("a spawned task threw what is no std::exception");
        }
    }

    loop_state& loop_;
    scope scope_;
    Work work_;
    std::optional<task<void>> task_;
};

} // namespace detail
} // namespace sdk_v0
} // namespace mortise
