// SPDX-License-Identifier: BSL-1.0
// An event loop on the test's thread, with a clock that the test sets.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {
namespace detail {

// Runs an event only when asked to: what was posted first, in its order, then timers that are due.
// Thread: the test's, but for now() and post().
class event_loop {
public:
    using event = std::function<void()>;
    using timer = std::pair<std::uint64_t, std::uint64_t>; // when, and its turn among equals

    // Nanoseconds. Any thread.
    std::uint64_t now() const noexcept { return now_.load(std::memory_order_relaxed); }
    void set_time(std::uint64_t now) noexcept { now_.store(now, std::memory_order_relaxed); }

    // Any thread.
    void post(event next) {
        const std::lock_guard lock{mutex_};
        posted_.push_back(std::move(next));
        arrival_.notify_one();
    }

    timer at(std::uint64_t when, event next) {
        const timer made{when, ++timer_count_};
        timers_.emplace(made, std::move(next));
        return made;
    }
    void drop(timer made) { timers_.erase(made); }

    // When the next timer is due.
    std::optional<std::uint64_t> next_time() const {
        return timers_.empty() ? std::nullopt : std::optional{timers_.begin()->first.first};
    }

    // False: there is nothing to run now.
    bool run_one() {
        if (event next = take_posted()) {
            next();
            return true;
        }
        if (timers_.empty() || timers_.begin()->first.first > now()) {
            return false;
        }
        const auto due = timers_.extract(timers_.begin());
        due.mapped()();
        return true;
    }

    // Blocks until something is posted; false: nothing came within `limit` of real time.
    bool wait_for_post(std::chrono::milliseconds limit) {
        std::unique_lock lock{mutex_};
        return arrival_.wait_for(lock, limit, [this] { return !posted_.empty(); });
    }

private:
    event take_posted() {
        const std::lock_guard lock{mutex_};
        if (posted_.empty()) {
            return nullptr;
        }
        event next = std::move(posted_.front());
        posted_.pop_front();
        return next;
    }

    // Not 0, so that a plugin that takes the clock for a duration is found out.
    std::atomic<std::uint64_t> now_ = 1'000'000'000'000;
    std::uint64_t timer_count_ = 0;
    std::map<timer, event> timers_;
    std::mutex mutex_;
    std::condition_variable arrival_;
    std::deque<event> posted_;
};

} // namespace detail
} // namespace testing
} // namespace sdk_v0
} // namespace mortise
