// SPDX-License-Identifier: BSL-1.0
// Deadlines without timers: lists in the order of expiry, looked at once a tick.
#pragma once

#include "base/clock.hpp"

#include <boost/intrusive/list.hpp>

#include <iterator>

namespace mortise::async {

class deadline_queue;

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
    base::instant begun_at_{};
    const deadline_queue* queue_ = nullptr; // where it stands, while it is armed
};

// All deadlines of one duration on one loop. Since all last equally long, the order of their
// beginnings is the order of expiry: a tick looks only at those that are over.
class deadline_queue {
public:
    explicit deadline_queue(base::milliseconds duration) noexcept : duration_{duration} {}

    // Lets `entry` run from `begin` on, out of whichever queue it stood in. Most begin now, and go
    // to the end in O(1); one that began earlier goes past those that have begun since.
    [[gnu::hot]] void arm(deadline& entry, base::instant begin) noexcept {
        if (entry.is_armed() && entry.queue_ == this && entry.begun_at_ == begin) {
            return;
        }
        entry.disarm();
        entry.begun_at_ = begin;
        entry.queue_ = this;
        auto place = entries_.end();
        while (place != entries_.begin() && std::prev(place)->begun_at_ > begin) {
            --place;
        }
        entries_.insert(place, entry);
    }

    // Disarms and reports every entry whose time is over. An entry may be armed again, and others
    // may be destroyed, from on_expiry().
    void expire(base::instant now) noexcept {
        while (!entries_.empty() && entries_.front().begun_at_ + duration_ <= now) {
            deadline& over = entries_.front();
            over.disarm();
            over.on_expiry(now);
        }
    }

    // Also for those that run: each then lasts this long from its beginning.
    void set_duration(base::milliseconds duration) noexcept { duration_ = duration; }

private:
    base::milliseconds duration_;
    boost::intrusive::list<deadline, boost::intrusive::constant_time_size<false>> entries_;
};

} // namespace mortise::async
