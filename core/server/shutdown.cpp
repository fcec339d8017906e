// SPDX-License-Identifier: BSL-1.0
// The phases of a drain.
#include "server/shutdown.hpp"

#include "observe/log.hpp"
#include "server/worker.hpp"

#include <boost/asio/post.hpp>

namespace mortise::server {

void shutdown::begin(base::milliseconds delay, base::milliseconds longest) {
    if (delay == base::milliseconds{0}) {
        return drain(longest);
    }
    wind_down();
    timer_.expires_after(delay);
    timer_.async_wait([this, longest](const boost::system::error_code& error) {
        if (!error) {
            drain(longest);
        }
    });
}

void shutdown::wind_down() {
    for (const auto& each : workers_) {
        each->loop().post([&worker = *each] { worker.wind_down(); });
    }
}

void shutdown::drain(base::milliseconds longest) {
    for (const auto& each : workers_) {
        each->loop().post([this, &worker = *each] {
            worker.drain([this] { boost::asio::post(control_, [this] { on_loop_dry(); }); });
        });
    }
    timer_.expires_after(longest);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error) {
            observe::log(observe::level::warning,
                         "the drain timeout is over: what is left is cut off");
            cut_off();
        }
    });
}

void shutdown::cut_off() {
    has_cut_off_ = true;
    control_.stop();
}

void shutdown::on_loop_dry() {
    if (++dry_loops_ == workers_.size()) {
        control_.stop();
    }
}

} // namespace mortise::server
