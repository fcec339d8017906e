// SPDX-License-Identifier: BSL-1.0
// One alarm for the earliest timer.
#include "async/timer.hpp"

#include <new>

namespace mortise::async {

void timer_queue::arm(timer& entry, timer::clock::time_point when) {
    entry.disarm();
    entry.when_ = when;
    entries_.insert(entry);
    if (is_set_ && alarm_at_ <= when) {
        return;
    }
    try {
        set_alarm();
    } catch (...) {
        entry.disarm();
        throw;
    }
}

// A timer that was disarmed leaves its alarm, which then rings for nobody: cheaper than to set it
// anew for each of the many that never come to their time.
void timer_queue::set_alarm() {
    alarm_at_ = entries_.begin()->when_;
    is_set_ = false;
    alarm_.expires_at(alarm_at_);
    alarm_.async_wait([this](const boost::system::error_code& error) {
        if (!error) {
            is_set_ = false;
            ring();
        }
    });
    is_set_ = true;
}

void timer_queue::ring() noexcept {
    const auto now = timer::clock::now();
    while (!entries_.empty() && entries_.begin()->when_ <= now) {
        timer& due = *entries_.begin();
        due.disarm();
        const loop::in_turn here{loop_, *this};
        due.on_time();
    }
    if (!entries_.empty() && !is_set_) {
        try {
            set_alarm();
        } catch (const std::bad_alloc&) { // the next one that is armed sets it
        }
    }
}

} // namespace mortise::async
