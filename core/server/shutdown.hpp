// SPDX-License-Identifier: BSL-1.0
// The last minutes of a host that serves.
#pragma once

#include "base/clock.hpp"
#include "server/visit.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>

namespace mortise::server {

// Lets every loop finish, and then stops `control`. Everything [control].
//
//   begin ─► answers say Connection: close (delay) ─► idle ones are closed ─► the last one is
//   closed
//                                                          └── longest ──► cut off
class shutdown {
public:
    shutdown(boost::asio::io_context& control, worker_span workers)
        : control_{control}, workers_{workers}, timer_{control} {}

    // For `delay` everybody is served, newcomers too; then nobody is accepted, and what is in
    // flight has until `longest`. Once.
    void begin(base::milliseconds delay, base::milliseconds longest);
    // At any time: waits for nothing any more.
    void cut_off();

    bool has_cut_off() const noexcept { return has_cut_off_; }

private:
    void wind_down();
    void drain(base::milliseconds longest);
    void on_loop_dry();

    boost::asio::io_context& control_;
    const worker_span workers_;
    boost::asio::steady_timer timer_; // of the phase
    std::size_t dry_loops_ = 0;
    bool has_cut_off_ = false;
};

} // namespace mortise::server
