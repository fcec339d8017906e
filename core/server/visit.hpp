// SPDX-License-Identifier: BSL-1.0
// One step on every loop, and then one on the control thread, which does not wait meanwhile.
#pragma once

#include "async/loop.hpp"
#include "server/worker.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <span>
#include <utility>

namespace mortise::server {

using worker_span = std::span<const std::unique_ptr<worker>>;

// Calls `step` on each loop, all at once, and `then` on the control thread when the last of them
// has returned. A loop that stands still holds `then` up, and nothing else. [control]
inline void visit(worker_span workers, boost::asio::io_context& control,
                  std::function<void(worker&)> step, std::function<void()> then) {
    struct round {
        std::atomic<std::size_t> left;
        std::function<void(worker&)> step;
        std::function<void()> then;
    };
    auto all = std::make_shared<round>(workers.size(), std::move(step), std::move(then));
    for (const auto& each : workers) {
        each->loop().post([all, &visited = *each, &control] {
            all->step(visited);
            if (--all->left == 0) {
                boost::asio::post(control, [all] { all->then(); });
            }
        });
    }
}

} // namespace mortise::server
