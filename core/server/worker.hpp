// SPDX-License-Identifier: BSL-1.0
// What one loop of the host does: HTTP/1.1 for the snapshot's router, and the plugins' loop calls.
#pragma once

#include "http1/service.hpp"
#include "plugin/exchange_table.hpp"
#include "plugin/load_error.hpp"
#include "plugin/loop_handle.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

namespace mortise::observe {
class access_writer;
}

namespace mortise::server {

class snapshot;

// Made on the control thread; everything else [loop] but post().
class worker final : public plugin::loop_handle {
public:
    worker(async::loop& loop, const http1::settings& settings, snapshot& snapshot,
           observe::access_writer* access_log, std::size_t capacity);

    bool post(void (*call)(void* argument), void* argument) noexcept override;
    async::loop& loop() noexcept { return loop_; }

    // Lets every plugin enter the loop. The errors of those that could not.
    std::vector<plugin::load_error> enter();
    // Accepts on a listening socket, which it takes over.
    void listen(int descriptor) { service_.listen(descriptor); }
    // Calls `on_dry` when the last connection is closed.
    void drain(std::function<void()> on_dry) { service_.drain(std::move(on_dry)); }
    // Lets one plugin leave the loop, before anything was served.
    void leave(const std::filesystem::path& file);
    // Gives up on what is still under way, and lets every plugin leave the loop.
    void leave();

    std::size_t connection_count() const noexcept { return service_.connection_count(); }

private:
    async::loop& loop_;
    snapshot& snapshot_;
    plugin::exchange_table exchanges_;
    http1::service service_;
};

} // namespace mortise::server
