// SPDX-License-Identifier: BSL-1.0
// Service, drain and end of a host.
#include "server/server.hpp"

#include "async/alternate_stack.hpp"
#include "async/thread_role.hpp"
#include "observe/log.hpp"
#include "server/host.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <optional>
#include <sys/prctl.h>
#include <thread>
#include <utility>

namespace mortise::server {

namespace {

using observe::level;

std::optional<crash_history> open_history(const config::settings& chosen) {
    if (chosen.state.empty()) {
        return std::nullopt;
    }
    return std::optional<crash_history>{
        std::in_place, chosen.state,
        std::chrono::duration_cast<std::chrono::seconds>(chosen.crash_window)};
}

std::size_t count_loops(std::size_t asked) {
    return asked != 0 ? asked : std::max<std::size_t>(1, std::thread::hardware_concurrency());
}

} // namespace

host::host(const config::source& from, config::configured read)
    : source_{from},
      configured_{std::move(read)},
      records_{settings_, count_loops(settings_.workers)},
      crash_history_{open_history(settings_)},
      crash_report_{crash_history_ ? crash_history_->descriptor() : -1},
      prober_{control_, settings_.probe_timeout},
      crew_{count_loops(settings_.workers), settings_.pool_threads, settings_.pool_queue} {}

int host::run() {
    if (!start()) {
        refuse_upgrade();
        return exit_failed;
    }
    serve();
    leave();
    return shutdown_->has_cut_off() ? exit_failed : exit_clean;
}

void host::serve() {
    listeners_.open_missing();
    crew_.on_each_loop([this](worker& worker) { listeners_.serve(worker); });
    retirement_.emplace(control_, crew_.workers(), *fleet_, settings_.drain);
    rollout_.emplace(control_, crew_.workers(), *fleet_, *retirement_, prober_, settings_,
                     around());
    signals_.add(SIGINT);
    signals_.add(SIGTERM);
    watchdog_.emplace(control_, crew_.workers(), listeners_,
                      call_limits{settings_.stall, settings_.call});
    shutdown_.emplace(control_, crew_.workers());
    wait_for_signal();
    state_.emplace(*fleet_, supervisor_, listeners_);
    rollout_->observe(*state_);
    reload_.emplace(control_, crew_.workers(), source_, configured_, listeners_, *rollout_);
    reload_->observe(*state_);
    reload_->on_change([this] { follow_settings(); });
    start_watches();
    administration_.start({.workers = crew_.workers(),
                           .plugins = *fleet_,
                           .changes = *rollout_,
                           .leaving = *retirement_,
                           .state = *state_,
                           .listeners = listeners_,
                           .configured = configured_,
                           .first = reload_->first(),
                           .kept = records_,
                           .reload = [this](auto done) { begin_reload(std::move(done)); },
                           .upgrade = [this](auto done) { begin_upgrade(std::move(done)); },
                           .is_upgrading = [this] { return upgrade_.is_under_way(); }},
                          settings_.stall);
    heartbeat_.emplace(control_, crew_.workers(), supervisor_);
    announce();
    if (predecessor_) {
        take_over();
    } else {
        state_->begin_service();
        start_metrics();
    }
    control_.run();
}

void host::start_metrics() {
    metrics_.reset();
    if (!settings_.metrics_file.empty()) {
        metrics_.emplace(control_, settings_.metrics_file,
                         [this] { return records_.metrics_text(*fleet_, crew_.workers()); });
    }
}

// Other settings have come into service: what this has made by the old ones follows.
void host::follow_settings() {
    retirement_->set_drain(settings_.drain);
    prober_.set_limit(settings_.probe_timeout);
    administration_.follow(settings_);
    if (!watches_.empty()) {
        watch_folders();
        start_watches();
    }
    start_metrics();
}

void host::announce() const {
    for (const auto* serving : fleet_->serving()) {
        log_in_service(*serving, fleet_->composed());
    }
    listeners_.announce(settings_.logs_to_stdout() ? stderr : stdout);
}

void host::wait_for_signal() {
    signals_.async_wait([this](const boost::system::error_code& error, int number) {
        if (!error) {
            wait_for_signal();
            on_signal(number);
        }
    });
}

void host::on_signal(int number) {
    if (number == SIGHUP) {
        return state_->draining() ? void() : begin_reload({});
    }
    if (number == SIGUSR1) {
        return records_.reopen_access_log();
    }
    if (number == SIGUSR2) {
        return begin_upgrade([](const auto&) {});
    }
    if (std::exchange(is_told_to_stop_, true)) {
        observe::log(level::warning, "a second signal came: stopping now");
        return shutdown_->cut_off();
    }
    upgrade_.abort();
    observe::log(level::info, "draining: what is in flight is finished",
                 {{"signal", number == SIGINT ? "INT" : "TERM"}});
    if (!state_->draining()) { // since another host has taken its place
        begin_drain(settings_.drain_delay);
    }
}

void host::begin_drain(base::milliseconds delay) {
    state_->begin_drain(delay + settings_.drain);
    reload_->stop();
    watchdog_->stop_sharing();
    shutdown_->begin(delay, settings_.drain);
}

// Without a file, options are all there is, and they do not change: the plugins may have.
void host::begin_reload(rollout::on_done done) {
    if (upgrade_.is_under_way()) {
        constexpr const char* why = "an upgrade is under way: nothing is reloaded meanwhile";
        observe::log(level::warning, why);
        if (done) {
            done({.changes = {}, .faults = {why}});
        }
    } else if (source_.file.empty()) {
        rollout_->begin(rollout::occasion::asked, std::move(done));
    } else {
        reload_->begin(std::move(done));
    }
}

void host::change_plugins(rollout::occasion why) {
    if (!state_->draining()) {
        rollout_->begin(why);
    }
}

void host::leave() {
    crew_.leave(reports_, [this] {
        if (metrics_) {
            metrics_->write(); // all that was served is in it
            metrics_.reset();
        }
    });
    administration_.close();
    heartbeat_.reset();
    records_.close_access_log();
    watchdog_.reset();
    watches_.clear();
    reload_.reset();
    rollout_.reset();
    state_.reset();
    retirement_.reset();
    fleet_.reset();
    observe::log(level::info, "stopped");
}

int serve(const config::source& from, config::configured read) {
    const auto& chosen = read.chosen;
    if (chosen.ends_with_parent) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    }
    observe::set_log_format(chosen.log_format);
    observe::set_log_level(chosen.log_level);
    std::signal(SIGPIPE, SIG_IGN);
    for (const int number : {SIGHUP, SIGUSR1, SIGUSR2}) {
        std::signal(number, SIG_IGN); // until there is a host that takes them
    }
    async::role_of_this_thread = async::thread_role::control;
    const async::alternate_stack for_signals;
    host running{from, std::move(read)};
    return running.run();
}

} // namespace mortise::server
