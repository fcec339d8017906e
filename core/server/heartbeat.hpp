// SPDX-License-Identifier: BSL-1.0
// Tells the service manager that the host is alive, for as long as all of it is.
#pragma once

#include "server/supervisor.hpp"
#include "server/visit.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace mortise::server {

// In each half of the time that the supervisor waits, every loop is visited, and the supervisor
// told when the last one has answered. A loop that stands still, or a control thread that does,
// ends that. Loops are stopped before it goes. [control]
class heartbeat {
public:
    heartbeat(boost::asio::io_context& control, worker_span workers, supervisor& told)
        : control_{control}, turn_{control}, workers_{workers}, told_{told} {
        if (told_.watchdog_time() != std::chrono::microseconds{0}) {
            beat_later();
        }
    }
    heartbeat(const heartbeat&) = delete;
    heartbeat& operator=(const heartbeat&) = delete;

private:
    void beat_later() {
        constexpr std::chrono::microseconds least{1000};
        turn_.expires_after(std::max(told_.watchdog_time() / 2, least));
        turn_.async_wait([this](const boost::system::error_code& error) {
            if (!error) {
                beat();
                beat_later();
            }
        });
    }
    void beat() {
        if (std::exchange(is_visiting_, true)) {
            return; // a loop has not answered yet
        }
        visit(
            workers_, control_, [](worker&) {},
            [this] {
                is_visiting_ = false;
                told_.tell_alive();
            });
    }

    boost::asio::io_context& control_;
    boost::asio::steady_timer turn_;
    const worker_span workers_;
    supervisor& told_;
    bool is_visiting_ = false;
};

} // namespace mortise::server
