// SPDX-License-Identifier: BSL-1.0
// Any number of timers of a loop behind one of Asio's.
#pragma once

#include "async/loop.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/set.hpp>

#include <chrono>

namespace mortise::async {

class timer_queue;

// Something that happens at a time. Arming it allocates nothing. It stands in at most one queue,
// and leaves it when it is destroyed. Thread: its loop's.
class timer : public boost::intrusive::set_base_hook<
                  boost::intrusive::link_mode<boost::intrusive::auto_unlink>,
                  boost::intrusive::optimize_size<true>> {
public:
    using clock = std::chrono::steady_clock;

    timer(const timer&) = delete;
    timer& operator=(const timer&) = delete;

    bool is_armed() const noexcept { return is_linked(); }
    void disarm() noexcept {
        if (is_linked()) {
            unlink();
        }
    }

    // The time has come; the timer is disarmed already, and may be armed again or destroyed.
    virtual void on_time() noexcept = 0;

    friend bool operator<(const timer& one, const timer& other) noexcept {
        return one.when_ < other.when_;
    }

protected:
    timer() = default;
    ~timer() = default;

private:
    friend class timer_queue;
    clock::time_point when_{};
};

// Unlike deadlines (deadline.hpp), which all last equally long and are exact to a tick, each of
// these has its own time, and is exact to what the kernel gives. Thread: its loop's.
class timer_queue final : private loop::turn {
public:
    explicit timer_queue(async::loop& of) : loop_{of}, alarm_{of.context()} {}

    // Lets `entry` happen at `when`, which may have passed: then soon, never within this call.
    // Equal times happen in the order of arming. May throw std::bad_alloc; then it is not armed.
    void arm(timer& entry, timer::clock::time_point when);

    bool is_empty() const noexcept { return entries_.empty(); }

private:
    void set_alarm();
    void ring() noexcept;
    void go_on() override { ring(); }

    async::loop& loop_;
    boost::asio::steady_timer alarm_;
    timer::clock::time_point alarm_at_{}; // while is_set_
    bool is_set_ = false;
    boost::intrusive::multiset<timer, boost::intrusive::constant_time_size<false>> entries_;
};

} // namespace mortise::async
