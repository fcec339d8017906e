// SPDX-License-Identifier: BSL-1.0
// The event loops of a host, a thread each.
#pragma once

#include "async/loop.hpp"

#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

namespace mortise::async {

// Owns the loops and their threads. Thread: the control thread's.
class loop_pool {
public:
    // Makes `count` loops; none runs yet.
    explicit loop_pool(std::size_t count);
    // Stops and joins.
    ~loop_pool();
    loop_pool(const loop_pool&) = delete;
    loop_pool& operator=(const loop_pool&) = delete;

    std::size_t size() const noexcept { return loops_.size(); }
    loop& operator[](std::size_t index) noexcept { return *loops_[index]; }

    void start();
    // Lets every loop run out its posts, and joins the threads; one that has left a call stays
    // until the process ends, in no code but the loop's. Idempotent.
    void stop();

private:
    std::vector<std::unique_ptr<loop>> loops_;
    std::vector<std::thread> threads_;
};

} // namespace mortise::async
