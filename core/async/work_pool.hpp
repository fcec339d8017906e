// SPDX-License-Identifier: BSL-1.0
// Threads for work that blocks, so that no loop has to.
#pragma once

#include "async/letter.hpp"

#include <boost/intrusive/slist.hpp>

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>
#include <vector>

namespace mortise::async {

class loop;

// One piece of work: runs on a thread of the pool, and is then delivered to its loop as a letter.
// Submitting it allocates nothing. It stays at its address until deliver() is entered.
//
//   submit ─► queued ─► run() on the pool ─► deliver() on its loop
//                └────► withdrawn
class work : public letter {
public:
    // [pool] May block; does not throw.
    virtual void run() noexcept = 0;

protected:
    work() = default;
    ~work() = default;

private:
    friend class work_pool;
    loop* home_ = nullptr;
    bool is_queued_ = false; // guarded by the pool
};

class work_pool {
public:
    // `threads` threads (at least 1), and at most `capacity` pieces of work that wait for one.
    work_pool(std::size_t threads, std::size_t capacity);
    // Runs what is queued, and joins.
    ~work_pool();
    work_pool(const work_pool&) = delete;
    work_pool& operator=(const work_pool&) = delete;

    // [loop] False: too much is queued. `home` outlives the delivery, and is stopped only after it.
    bool submit(work& job, loop& home) noexcept;
    // [loop] Takes back what has not begun, in O(queued); false: it has, and will be delivered.
    bool withdraw(work& job) noexcept;

private:
    // By the hook of the letter, which stands in no mailbox before the work is done.
    using queue = boost::intrusive::slist<work, boost::intrusive::cache_last<true>>;
    void serve() noexcept;

    const std::size_t capacity_;
    std::mutex mutex_;
    std::condition_variable arrived_;
    queue queued_;         // guarded by mutex_
    bool is_over_ = false; // guarded by mutex_
    std::vector<std::thread> threads_;
};

} // namespace mortise::async
