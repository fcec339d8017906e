// SPDX-License-Identifier: BSL-1.0
// From one host to the next, on either side.
#include "observe/log.hpp"
#include "server/host.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <unistd.h>
#include <utility>

namespace mortise::server {

namespace {

using observe::level;

// For connections that are kept to get an answer that says they close.
constexpr base::milliseconds least_delay{1000};

} // namespace

// Why this process may not be replaced now; empty: it may.
std::string host::judge_upgrade() const {
    if (state_->draining()) {
        return "the host is stopping";
    }
    if (upgrade_.is_under_way()) {
        return "an upgrade is under way";
    }
    if (reload_->is_under_way()) {
        return "a reload is under way; ask again when it is done";
    }
    if (settings_.ends_with_parent) {
        return "the host was started to end with the process that started it; restart it instead";
    }
    return {};
}

void host::begin_upgrade(upgrade::on_done done) {
    if (const auto why = judge_upgrade(); !why.empty()) {
        observe::log(level::warning, "no upgrade is begun", {{"reason", why}});
        return done({.process = 0, .fault = why});
    }
    observe::log(level::info, "upgrade: starting the new host");
    auto offers = administration_.offers();
    for (auto& each : listeners_.offers()) {
        offers.push_back(std::move(each));
    }
    std::vector<std::string> disabled;
    for (const auto* each : fleet_->serving()) {
        if (each->admits() == plugin::admission::disabled) {
            disabled.push_back(each->id());
        }
    }
    upgrade_.begin({std::move(offers), std::move(disabled), supervisor_.variables()},
                   [this, done = std::move(done)](auto came_to) {
                       if (came_to.fault.empty() &&
                           state_->draining()) { // which has killed the new one
                           came_to = {.process = 0, .fault = "the host is stopping"};
                       } else if (came_to.fault.empty()) {
                           hand_over(came_to);
                       } else {
                           observe::log(level::error,
                                        "upgrade: the new host does not serve; this one serves on",
                                        {{"reason", came_to.fault}});
                       }
                       done(came_to);
                   });
}

// What an operator has said of plugins to the host before this one holds on.
void host::disable_as_before() {
    for (auto* const each : fleet_->serving()) {
        if (predecessor_.disabled().contains(each->id())) {
            each->set_admission(plugin::admission::disabled);
            observe::log(level::info, "plugin disabled", {{"plugin", each->id()}});
        }
    }
}

// The new host serves: all that is not in flight is its own.
void host::hand_over(const upgrade::outcome& to) {
    supervisor_.tell_main_process(to.process);
    supervisor_.fall_silent();
    administration_.hand_over(to.left);
    listeners_.hand_over(to.left);
    metrics_.reset();
    upgrade_.confirm();
    observe::log(level::info, "upgrade: the new host serves; what is in flight here is finished",
                 {{"process", std::to_string(to.process)}});
    const auto delay = std::max(settings_.drain_delay, least_delay);
    begin_drain(delay);
    for (const auto& worker : crew_.workers()) {
        worker->loop().post([this, &worker = *worker] { listeners_.stop(worker); });
    }
}

// This is the new host, and it serves.
void host::take_over() {
    predecessor_.tell_ready(control_, [this](bool is_gone) {
        listeners_.own_files();
        administration_.own_files();
        if (is_gone) {
            observe::log(level::warning,
                         "the host before this one has ended before it could hand over; this one "
                         "serves in its place");
            supervisor_.tell_main_process(::getpid());
        }
        if (!state_->draining()) {
            state_->begin_service();
            start_metrics();
        }
    });
}

// What has kept it from serving, for the host that serves on.
void host::refuse_upgrade() {
    std::string why = predecessor_.fault();
    for (const auto& line : observe::last_errors()) {
        why += (why.empty() ? "" : "\n") + line.text;
        for (const auto& [key, value] : line.fields) {
            why += " " + key + "=" + value;
        }
    }
    predecessor_.refuse(why);
}

void refuse_upgrade(std::string_view why) {
    predecessor{}.refuse(why);
}

} // namespace mortise::server
