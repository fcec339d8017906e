// SPDX-License-Identifier: BSL-1.0
// What those who operate a host are told about, and can change.
#pragma once

#include "server/rollout.hpp"
#include "server/upgrade.hpp"
#include "server/visit.hpp"

#include <functional>

namespace mortise::config {
struct configured;
}

namespace mortise::server {

class fleet;
class host_state;
class listeners;
class records;
class retirement;

// Of one host, which outlives those that have this. [control]
struct admin_subjects {
    worker_span workers;
    fleet& plugins;
    rollout& changes;
    const retirement& leaving;
    const host_state& state;
    const server::listeners& listeners;
    const config::configured& configured;
    const config::configured& first; // that the process has started with
    const records& kept;
    std::function<void(rollout::on_done)> reload; // of the whole configuration
    std::function<void(upgrade::on_done)> upgrade;
    std::function<bool()> is_upgrading;
};

} // namespace mortise::server
