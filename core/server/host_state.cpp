// SPDX-License-Identifier: BSL-1.0
// From what happens to what is told.
#include "server/host_state.hpp"

#include "server/fleet.hpp"
#include "server/listeners.hpp"
#include "server/supervisor.hpp"

#include <utility>

namespace mortise::server {

host_state::host_state(const fleet& plugins, supervisor& told, const listeners& open)
    : plugins_{plugins}, told_{told}, listeners_{open} {}

void host_state::begin_service() {
    told_.tell_ready(status_line());
}

void host_state::begin_drain(base::milliseconds longest) {
    draining_ = drain{std::chrono::steady_clock::now(), longest};
    told_.tell_stopping("draining: what is in flight is finished");
}

void host_state::on_change_begin(rollout::occasion why) {
    if (why == rollout::occasion::asked && !draining_) {
        told_.tell_reloading();
    }
}

// A drain that has begun meanwhile is not taken back by it.
void host_state::on_change_end(rollout::occasion why, const rollout::outcome& came_to) {
    ++changes_;
    last_change_ = change{std::chrono::system_clock::now(), why, came_to};
    if (draining_) {
        return;
    }
    if (why == rollout::occasion::asked) {
        told_.tell_ready(status_line());
    } else {
        told_.tell_status(status_line());
    }
}

std::string host_state::status_line() const {
    const auto count = plugins_.serving().size();
    return "serving " + std::to_string(count) + (count == 1 ? " plugin at " : " plugins at ") +
           listeners_.first().url;
}

} // namespace mortise::server
