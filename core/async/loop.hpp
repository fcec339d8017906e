// SPDX-License-Identifier: BSL-1.0
// One event loop: an io_context of one thread, and the one door to it from other threads.
#pragma once

#include "base/clock.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <cstddef>
#include <functional>
#include <mutex>
#include <vector>

namespace mortise::async {

// The io_context is built for one thread and takes no locks, so asio::post and everything else of
// Asio is for the loop's own thread; other threads come in by post() alone.
//
//   other threads ── post() ──► letters_ (mutex) ── eventfd ──► run() on the loop's thread
class loop {
public:
    // Throws boost::system::system_error where the process is out of descriptors.
    explicit loop(std::size_t index);
    loop(const loop&) = delete;
    loop& operator=(const loop&) = delete;

    boost::asio::io_context& context() noexcept { return context_; }
    std::size_t index() const noexcept { return index_; }

    // Becomes readable when a post has come. For who waits on the loop's thread outside of the
    // context, and has to return to it then; the loop alone reads it.
    int bell() noexcept { return bell_.native_handle(); }

    // [any] Runs `call` on the loop's thread, in the order of the posts. False once stop() was
    // called: then it will never run.
    bool post(std::function<void()> call);

    // [loop] Serves until stop(); everything posted before it has run when run() returns.
    void run();

    // [any] Refuses further posts and lets run() return once the earlier ones have run.
    void stop();

private:
    void put(std::function<void()> call); // mutex_ is held
    void wait_for_letters();
    void read_letters();

    const std::size_t index_;
    boost::asio::io_context context_;
    boost::asio::posix::stream_descriptor bell_;
    std::mutex mutex_;
    std::vector<std::function<void()>> letters_; // guarded by mutex_
    bool closed_ = false;                        // guarded by mutex_
};

} // namespace mortise::async
