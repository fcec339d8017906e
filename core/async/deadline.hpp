// SPDX-License-Identifier: BSL-1.0
// Deadlines without timers: lists in the order of arming, looked at once a tick.
#pragma once

#include "base/clock.hpp"

#include <boost/intrusive/list.hpp>

namespace mortise::async {

// Something that may take only so long. It stands in at most one queue at a time and leaves it
// when it is destroyed. Thread: that of its queue's loop.
class deadline : public boost::intrusive::list_base_hook<
                     boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
public:
    deadline(const deadline&) = delete;
    deadline& operator=(const deadline&) = delete;

    bool is_armed() const noexcept { return is_linked(); }
    void disarm() noexcept {
        if (is_linked()) {
            unlink();
        }
    }

    // The time is over; the deadline is disarmed already.
    virtual void on_expiry(base::instant now) noexcept = 0;

protected:
    deadline() = default;
    ~deadline() = default;

private:
    friend class deadline_queue;
    base::instant armed_at_{};
};

// All deadlines of one duration on one loop. Since all last equally long, the order of arming is
// the order of expiry: arming is O(1), a tick looks only at those that are over.
class deadline_queue {
public:
    explicit deadline_queue(base::milliseconds duration) noexcept : duration_{duration} {}

    // Starts `entry` anew, out of whichever queue it stood in.
    void arm(deadline& entry, base::instant now) noexcept {
        entry.disarm();
        entry.armed_at_ = now;
        entries_.push_back(entry);
    }

    // Disarms and reports every entry whose time is over. An entry may be armed again, and others
    // may be destroyed, from on_expiry().
    void expire(base::instant now) noexcept {
        while (!entries_.empty() && entries_.front().armed_at_ + duration_ <= now) {
            deadline& over = entries_.front();
            over.disarm();
            over.on_expiry(now);
        }
    }

private:
    base::milliseconds duration_;
    boost::intrusive::list<deadline, boost::intrusive::constant_time_size<false>> entries_;
};

} // namespace mortise::async
