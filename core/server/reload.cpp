// SPDX-License-Identifier: BSL-1.0
// Preparing everything that may fail, then changing what cannot.
#include "server/reload.hpp"

#include "config/difference.hpp"
#include "config/keys.hpp"
#include "observe/log.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

namespace mortise::server {

namespace {
constexpr const char* stopping = "the host is stopping";
} // namespace

using observe::level;

http1::settings http_settings(const config::settings& of) {
    return {of.limits, of.deadlines, of.server_field, of.server_timing};
}

reload::reload(boost::asio::io_context& control, worker_span workers, const config::source& from,
               config::configured& current, listeners& open, rollout& plugins)
    : control_{control},
      workers_{workers},
      source_{from},
      current_{current},
      first_{current},
      listeners_{open},
      rollout_{plugins} {}

void reload::begin(rollout::on_done done) {
    waiting_.push_back(std::move(done));
    if (waiting_.size() == 1) {
        begin_next();
    }
}

void reload::begin_next() {
    rollout::outcome faulty;
    if (is_stopped_) {
        faulty.faults.emplace_back(stopping);
        return refuse(faulty);
    }
    next_ = config::read(source_);
    for (const auto& each : next_.faults) {
        faulty.faults.push_back(each.line());
    }
    if (faulty.faults.empty()) {
        auto opened = listeners_.prepare(next_.chosen.listeners, workers_.size());
        if (opened) {
            next_listeners_ = std::move(*opened);
        } else {
            faulty.faults.push_back(refusal_line(next_, opened.error()));
        }
    }
    if (!faulty.faults.empty()) {
        return refuse(faulty);
    }
    const auto chosen = std::make_shared<const config::settings>(next_.chosen);
    rollout_.reload(chosen, [this](rollout::outcome came_to) {
        if (came_to.faults.empty() && !is_stopped_) {
            return take_on(std::move(came_to));
        }
        next_listeners_ = {};
        if (came_to.faults.empty()) {
            came_to.faults.emplace_back(stopping);
        }
        finish(came_to);
    });
}

void reload::refuse(const rollout::outcome& faulty) {
    for (const auto& each : faulty.faults) {
        observe::log(level::error, each);
    }
    if (observer_ != nullptr) {
        observer_->on_change_begin(rollout::occasion::asked);
    }
    finish(faulty);
}

void reload::take_on(rollout::outcome came_to) {
    std::ranges::move(config::differences(current_, next_), std::back_inserter(came_to.changes));
    current_ = std::move(next_);
    for (const auto& each : next_listeners_.added) {
        came_to.changes.push_back("listens at " + each.url);
    }
    listeners_.take_on(next_listeners_);
    std::ranges::copy(next_listeners_.modes, std::back_inserter(came_to.changes));
    for (const auto& each : next_listeners_.removed) {
        came_to.changes.push_back("listens no more at " + each.url);
    }
    note_fixed(came_to);
    observe::set_log_format(current_.chosen.log_format);
    observe::set_log_level(current_.chosen.log_level);
    if (step_) {
        step_();
    }
    visit(
        workers_, control_,
        [this](worker& on) {
            const auto& chosen = current_.chosen;
            on.set_settings(http_settings(chosen));
            on.set_capacity(std::max<std::size_t>(1, chosen.max_connections / workers_.size()));
            listeners_.follow(on, next_listeners_.first);
            listeners_.serve(on, next_listeners_.first);
            for (const auto& each : next_listeners_.removed) {
                on.stop_listening(each.number);
            }
        },
        [this, came_to = std::move(came_to)] {
            next_listeners_ = {};
            finish(came_to);
        });
}

// What the process has been built with stays, and it is said.
void reload::note_fixed(rollout::outcome& to) const {
    for (const auto& each : config::keys()) {
        const auto wanted = each.show(current_.chosen);
        if (each.is_fixed && wanted != each.show(first_.chosen)) {
            to.changes.push_back(each.name +
                                 " is not changed yet: that takes a restart or an upgrade");
            observe::log(level::warning,
                         "a key of the configuration is changed by a restart or an upgrade alone",
                         {{"key", each.name}});
        }
    }
}

void reload::finish(const rollout::outcome& came_to) {
    if (came_to.faults.empty()) {
        observe::log(level::info, "the configuration is in service");
    } else {
        observe::log(level::error, "the configuration is not in service: the one before is, "
                                   "unchanged");
    }
    if (observer_ != nullptr) {
        observer_->on_change_end(rollout::occasion::asked, came_to);
    }
    const auto done = std::move(waiting_.front());
    waiting_.pop_front();
    if (done) {
        done(came_to);
    }
    if (!waiting_.empty()) {
        begin_next();
    }
}

} // namespace mortise::server
