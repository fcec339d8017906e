// SPDX-License-Identifier: BSL-1.0
// Threads for loops.
#include "async/loop_pool.hpp"

#include "async/alternate_stack.hpp"
#include "async/signals_blocked.hpp"
#include "base/host_thread.hpp"

#include <pthread.h>
#include <string>

namespace mortise::async {

loop_pool::loop_pool(std::size_t count) {
    for (std::size_t index = 0; index < count; ++index) {
        loops_.push_back(std::make_unique<loop>(index));
    }
}

loop_pool::~loop_pool() {
    stop();
}

void loop_pool::start() {
    const signals_blocked guard;
    for (auto& loop : loops_) {
        threads_.emplace_back([&loop] {
            const base::host_thread here;
            const alternate_stack for_signals;
            loop->run();
        });
        const std::string name = "loop-" + std::to_string(loop->index());
        ::pthread_setname_np(threads_.back().native_handle(), name.c_str());
    }
}

void loop_pool::stop() {
    for (auto& loop : loops_) {
        loop->stop();
    }
    for (std::size_t index = 0; index < threads_.size(); ++index) {
        if (loops_[index]->wait_for_end()) {
            threads_[index].join();
        } else {
            threads_[index].detach();
        }
    }
    threads_.clear();
}

} // namespace mortise::async
