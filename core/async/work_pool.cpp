// SPDX-License-Identifier: BSL-1.0
// A bounded queue and the threads that serve it.
#include "async/work_pool.hpp"

#include "async/alternate_stack.hpp"
#include "async/loop.hpp"
#include "async/signals_blocked.hpp"
#include "async/thread_role.hpp"
#include "base/host_thread.hpp"

#include <pthread.h>
#include <string>

namespace mortise::async {

work_pool::work_pool(std::size_t threads, std::size_t capacity) : capacity_{capacity} {
    const signals_blocked guard;
    for (std::size_t number = 0; number < threads; ++number) {
        threads_.emplace_back([this] { serve(); });
        const std::string name = "pool-" + std::to_string(number);
        ::pthread_setname_np(threads_.back().native_handle(), name.c_str());
    }
}

work_pool::~work_pool() {
    {
        const std::lock_guard lock{mutex_};
        is_over_ = true;
    }
    arrived_.notify_all();
    for (auto& thread : threads_) {
        thread.join();
    }
}

bool work_pool::submit(work& job, loop& home) noexcept {
    {
        const std::lock_guard lock{mutex_};
        if (queued_.size() >= capacity_) {
            return false;
        }
        job.home_ = &home;
        job.is_queued_ = true;
        queued_.push_back(job);
    }
    arrived_.notify_one();
    return true;
}

bool work_pool::withdraw(work& job) noexcept {
    const std::lock_guard lock{mutex_};
    if (!job.is_queued_) {
        return false;
    }
    job.is_queued_ = false;
    queued_.erase(queued_.iterator_to(job));
    return true;
}

void work_pool::serve() noexcept {
    role_of_this_thread = thread_role::pool;
    const base::host_thread here;
    const alternate_stack for_signals;
    std::unique_lock lock{mutex_};
    for (;;) {
        arrived_.wait(lock, [this] { return is_over_ || !queued_.empty(); });
        if (queued_.empty()) {
            return;
        }
        work& next = queued_.front();
        queued_.pop_front();
        next.is_queued_ = false;
        lock.unlock();
        loop& home = *next.home_;
        next.run();
        home.post(next);
        lock.lock();
    }
}

} // namespace mortise::async
