// SPDX-License-Identifier: BSL-1.0
// One event loop, as plugins use it.
#pragma once

#include "async/loop.hpp"
#include "async/timer.hpp"
#include "plugin/operation.hpp"

#include <mortise/abi/types.h>

#include <cstddef>
#include <string>

namespace mortise::async {
class work_pool;
}

namespace mortise::plugin {

// Outlives every plugin's loop_stop on it. The address is the mortise_loop* that plugins hold.
// Thread: its loop's, where nothing else is said.
class loop_handle {
public:
    static constexpr std::size_t max_loops = 256;

    // [control]
    loop_handle(async::loop& loop, async::work_pool& pool);
    loop_handle(const loop_handle&) = delete;
    loop_handle& operator=(const loop_handle&) = delete;
    ~loop_handle();

    // 0 to the number of loops less one, below max_loops. [any]
    std::size_t index() const noexcept { return index_; }

    // Runs call(argument) on the loop, soon, in the order of the posts. [any] False: the loop has
    // shut down and call will never run; throws std::bad_alloc likewise.
    bool post(void (*call)(void* argument), void* argument);

    async::loop& loop() noexcept { return loop_; } // [any]
    async::work_pool& pool() noexcept { return pool_; }
    async::timer_queue& timers() noexcept { return timers_; }
    operation_list& operations() noexcept { return operations_; }
    const operation_list& operations() const noexcept { return operations_; }

    // Makes this the calling thread's loop, before it serves; and takes it away again.
    void attach() noexcept { of_thread_ = this; }
    void detach() noexcept { of_thread_ = nullptr; }
    // nullptr on a thread that is no loop. [any]
    static loop_handle* of_this_thread() noexcept { return of_thread_; }

    mortise_loop* abi() noexcept { return reinterpret_cast<mortise_loop*>(this); }
    static loop_handle* from_abi(mortise_loop* loop) noexcept {
        return reinterpret_cast<loop_handle*>(loop);
    }

private:
    static inline constinit thread_local loop_handle* of_thread_ = nullptr;

    const std::size_t index_; // read for each request
    async::loop& loop_;
    async::work_pool& pool_;
    async::timer_queue timers_;
    operation_list operations_;
};

// What the calling thread is, for a report: "loop 2", "the worker pool". [any]
std::string this_thread();

} // namespace mortise::plugin
