// SPDX-License-Identifier: BSL-1.0
// What one loop of the host does: HTTP/1.1 for the snapshot's router, and the plugins' loop calls.
#pragma once

#include "http1/service.hpp"
#include "plugin/exchange_table.hpp"
#include "plugin/load_error.hpp"
#include "plugin/loop_handle.hpp"

#include <boost/asio/steady_timer.hpp>

#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

namespace mortise::observe {
class access_writer;
}

namespace mortise::server {

class snapshot;

// Made on the control thread; everything else [loop].
class worker final {
public:
    worker(async::loop& loop, async::work_pool& pool, const http1::settings& settings,
           snapshot& snapshot, observe::access_writer* access_log, std::size_t capacity);

    std::size_t index() const noexcept { return loop_.index(); }
    async::loop& loop() noexcept { return loop_.loop(); }

    // Lets every plugin enter the loop. The errors of those that could not.
    std::vector<plugin::load_error> enter();
    // Accepts on a listening socket, which it takes over.
    void listen(int descriptor) { service_.listen(descriptor); }
    // Calls `on_dry` when the last connection is closed.
    void drain(std::function<void()> on_dry) { service_.drain(std::move(on_dry)); }
    // Lets one plugin leave the loop, before anything was served.
    void leave(const std::filesystem::path& file);
    // Gives up on what is still under way: exchanges are answered with 503, operations cancelled.
    // Calls `on_settled` when the plugins hold nothing of it any more, and no plugin is held, or
    // after `patience`. May be called again.
    void cancel(base::milliseconds patience, std::function<void()> on_settled);
    bool has_operations() const noexcept { return !loop_.operations().is_empty(); }
    // Lets every plugin leave the loop, on which nothing of them is under way any more.
    void leave();

    std::size_t connection_count() const noexcept { return service_.connection_count(); }

private:
    void wait_until_settled(base::instant end, std::function<void()> on_settled);
    bool is_settled() noexcept;
    void report_unsettled();

    plugin::loop_handle loop_;
    boost::asio::steady_timer settling_;
    snapshot& snapshot_;
    plugin::exchange_table exchanges_;
    http1::service service_;
};

} // namespace mortise::server
