// SPDX-License-Identifier: BSL-1.0
// Offloaded work: a thread for each piece, and its end as an event of the loop.
#pragma once

#include <mortise/testing/detail/event_loop.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <thread>
#include <utility>
#include <vector>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {
namespace detail {

// Thread: the test's. Work is queued until begin_queued(), then it cannot be withdrawn any more.
class worker_pool {
public:
    worker_pool(event_loop& loop, bool runs_inline) noexcept
        : loop_{loop}, runs_inline_{runs_inline} {}
    worker_pool(const worker_pool&) = delete;
    worker_pool& operator=(const worker_pool&) = delete;
    ~worker_pool() {
        hold(false);
        for (auto& [number, thread] : threads_) {
            thread.join();
        }
    }

    // `run` is called on another thread, `done` afterwards on the loop.
    std::uint64_t submit(std::function<void()> run, std::function<void()> done) {
        queued_.push_back({++count_, std::move(run), std::move(done)});
        return count_;
    }
    // False: it has begun.
    bool withdraw(std::uint64_t number) {
        return std::erase_if(queued_, [&](const work& each) { return each.number == number; }) != 0;
    }

    std::size_t queued() const noexcept { return queued_.size(); }
    std::size_t running() const noexcept { return threads_.size(); }

    // False: nothing was queued.
    bool begin_queued() {
        const auto now = std::exchange(queued_, {});
        for (const work& each : now) {
            begin(each);
        }
        return !now.empty();
    }

    // While held, work that has begun does not get on.
    void hold(bool is_held) {
        is_held_ = is_held;
        if (!is_held) {
            for (const work& each : std::exchange(held_, {})) {
                begin(each);
            }
        }
    }

private:
    struct work {
        std::uint64_t number;
        std::function<void()> run;
        std::function<void()> done;
    };

    void begin(const work& each) {
        if (is_held_) {
            held_.push_back(each);
        } else if (runs_inline_) {
            each.run();
            loop_.post(each.done);
        } else {
            threads_.emplace(each.number, [this, each] {
                each.run();
                loop_.post([this, each] {
                    threads_.at(each.number).join();
                    threads_.erase(each.number);
                    each.done();
                });
            });
        }
    }

    event_loop& loop_;
    const bool runs_inline_;
    bool is_held_ = false;
    std::uint64_t count_ = 0;
    std::vector<work> queued_;
    std::vector<work> held_;
    std::map<std::uint64_t, std::thread> threads_;
};

} // namespace detail
} // namespace testing
} // namespace sdk_v0
} // namespace mortise
