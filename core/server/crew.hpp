// SPDX-License-Identifier: BSL-1.0
// The loops of a process with their workers, and how plugins are taken onto them and down again.
#pragma once

#include "async/loop_pool.hpp"
#include "async/work_pool.hpp"
#include "http1/service.hpp"
#include "server/visit.hpp"
#include "server/worker.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace mortise::observe {
class access_log;
class access_writer;
class loop_metrics;
class request_metrics;
} // namespace mortise::observe

namespace mortise::plugin {
class reporter;
}

namespace mortise::server {

class fleet;

// Everything [control], which waits here for the loops: what serves is changed by visit() instead.
// A loop that does not come back in time is held by a plugin; then nothing can be taken down in
// order, and the process ends.
class crew {
public:
    crew(std::size_t loops, std::size_t pool_threads, std::size_t pool_queue);
    crew(const crew&) = delete;
    crew& operator=(const crew&) = delete;
    // Stops the loops; workers are left already, or have no plugin.
    ~crew();

    std::size_t size() const noexcept { return loops_.size(); }
    worker_span workers() const noexcept { return workers_; }

    // What workers serve by, and outlive not.
    struct terms {
        const http1::settings& http;
        std::size_t max_connections = 0;             // over all loops
        observe::access_log* access_log = nullptr;   // null: off
        observe::request_metrics* metrics = nullptr; // null: off
    };
    // Starts the loops, takes every plugin of the fleet onto each, and publishes the fleet. A
    // plugin that cannot enter a loop is dropped from it; why, for each of these.
    std::vector<plugin::load_error> enter(fleet& plugins, const terms& by);

    // Quiesces every plugin, cancels what it has under way, takes it off each loop, and stops the
    // loops. `before_last` runs when nothing is under way any more.
    void leave(
        plugin::reporter& reports, const std::function<void()>& before_last = [] {});

    void on_each_loop(const std::function<void(worker&)>& step);

private:
    void
    on_each_loop_until_done(const std::function<void(worker&, std::function<void()> done)>& begin);
    void settle();
    bool has_operations();
    bool close_holds(plugin::reporter& reports);

    http1::observation observe_loop(std::size_t index, const terms& by);

    async::loop_pool loops_;
    async::work_pool pool_;
    std::vector<std::unique_ptr<observe::access_writer>> access_writers_;
    std::vector<std::unique_ptr<observe::loop_metrics>> metrics_;
    std::vector<std::unique_ptr<worker>> workers_;
    fleet* fleet_ = nullptr;
};

// Ends the process where it stands.
[[noreturn]] void end_at_once(std::string_view why);

} // namespace mortise::server
