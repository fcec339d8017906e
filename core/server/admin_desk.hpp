// SPDX-License-Identifier: BSL-1.0
// What operators can ask about the host as a whole.
#pragma once

#include "admin/endpoint_table.hpp"
#include "base/clock.hpp"
#include "server/roll_call.hpp"
#include "server/rollout.hpp"
#include "server/upgrade.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <vector>

namespace mortise::config {
struct configured;
}

namespace mortise::server {

class fleet;
class host_state;
class listeners;
class records;
class retirement;

// Everything [control].
class admin_desk {
public:
    // What it tells about; outlives it.
    struct subjects {
        worker_span workers;
        const fleet& plugins;
        const retirement& leaving;
        const host_state& state;
        const server::listeners& listeners;
        const config::configured& configured;
        const records& kept;
        std::function<void(rollout::on_done)> reload; // of the whole configuration
        std::function<void(upgrade::on_done)> upgrade;
    };
    // A loop that takes longer than `patience` is said not to answer.
    admin_desk(boost::asio::io_context& control, const subjects& about, base::milliseconds patience)
        : about_{about}, roll_call_{control, about.workers, patience} {}

    // Those about the host, which call this.
    std::vector<admin::endpoint> endpoints();

private:
    void tell_health(admin::replier reply);
    admin::answer tell_readiness() const;
    void tell_status(admin::replier reply);
    admin::answer tell_metrics() const;
    admin::answer tell_configuration() const;
    void reload(admin::replier reply);
    void upgrade(admin::replier reply);
    boost::json::object status(const roll_call::reports& loops) const;

    const subjects about_;
    roll_call roll_call_;
};

} // namespace mortise::server
