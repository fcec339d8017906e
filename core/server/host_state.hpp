// SPDX-License-Identifier: BSL-1.0
// What the host is doing: kept for those who ask, and told to the service manager.
#pragma once

#include "base/clock.hpp"
#include "server/rollout.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace mortise::server {

class fleet;
class listeners;
class supervisor;

// Everything [control].
class host_state final : public rollout::observer {
public:
    host_state(const fleet& plugins, supervisor& told, const listeners& open);

    // It serves, and then it only finishes what is in flight.
    void begin_service();
    void begin_drain(base::milliseconds longest);

    void on_change_begin(rollout::occasion why) override;
    void on_change_end(rollout::occasion why, const rollout::outcome& came_to) override;

    // A reload, a look at the plugin directory, or a rollback.
    struct change {
        std::chrono::system_clock::time_point at; // its end
        rollout::occasion why;
        rollout::outcome came_to;
    };
    std::size_t changes() const noexcept { return changes_; } // since the start
    const std::optional<change>& last_change() const noexcept { return last_change_; }

    struct drain {
        std::chrono::steady_clock::time_point since;
        base::milliseconds longest;
    };
    const std::optional<drain>& draining() const noexcept { return draining_; }

    std::chrono::system_clock::time_point started() const noexcept { return started_; }
    std::chrono::steady_clock::duration uptime() const noexcept {
        return std::chrono::steady_clock::now() - since_;
    }

private:
    std::string status_line() const;

    const fleet& plugins_;
    supervisor& told_;
    const listeners& listeners_;
    const std::chrono::system_clock::time_point started_ = std::chrono::system_clock::now();
    const std::chrono::steady_clock::time_point since_ = std::chrono::steady_clock::now();
    std::size_t changes_ = 0;
    std::optional<change> last_change_;
    std::optional<drain> draining_;
};

} // namespace mortise::server
