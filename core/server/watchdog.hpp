// SPDX-License-Identifier: BSL-1.0
// Sees that a plugin holds its loop, says who it is and where it stands, keeps the loop's new
// clients from waiting for it, and ends that.
#pragma once

#include "base/clock.hpp"
#include "server/visit.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

namespace mortise::server {

class listeners;

// How long a call of a plugin may hold its loop.
struct call_limits {
    base::milliseconds stall; // longer is a fault
    base::milliseconds leave; // then the loop is to go on without it
};

// Looks at every loop several times in the time that a call of a plugin may take. A call that
// takes longer is a fault of its plugin, and logged with its stack; when it comes back, or the loop
// leaves it, that is logged too. Everything [control].
class watchdog {
public:
    // `open`: what the loops listen on now. Loops have entered their plugins.
    watchdog(boost::asio::io_context& control, worker_span workers, const listeners& open,
             const call_limits& limits);
    watchdog(const watchdog&) = delete;
    watchdog& operator=(const watchdog&) = delete;
    ~watchdog();

    // The sockets are about to be closed.
    void stop_sharing() noexcept { listeners_ = nullptr; }

private:
    struct watched {
        std::uint32_t turn = 0; // call_site::running() at the last looks
        base::instant since;    // it is that
        bool is_stalled = false;
        std::set<std::size_t> helpers; // loops that accept its connections too
    };

    void look_later();
    void look(std::size_t loop);
    void report_stall(std::size_t loop, base::milliseconds held) const;
    void report_end(std::size_t loop, base::milliseconds held) const;
    // Lets the loop leave the call that it is in, where that is possible by now.
    void try_to_leave(std::size_t loop, base::milliseconds held);
    // From now on another loop accepts from its own sockets too: both wait for the same
    // connections, and who is free takes them.
    void share_sockets(std::size_t loop);

    boost::asio::steady_timer turn_;
    const worker_span workers_;
    const listeners* listeners_; // null: none is shared any more
    const call_limits limits_;
    std::vector<watched> loops_;
};

} // namespace mortise::server
