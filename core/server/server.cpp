// SPDX-License-Identifier: BSL-1.0
// Start, service, drain and end of a host.
#include "server/server.hpp"

#include "admin/control_socket.hpp"
#include "async/alternate_stack.hpp"
#include "async/thread_role.hpp"
#include "observe/log.hpp"
#include "server/crash_history.hpp"
#include "server/crash_report.hpp"
#include "server/crew.hpp"
#include "server/directory_watch.hpp"
#include "server/fleet.hpp"
#include "server/listening.hpp"
#include "server/log_reporter.hpp"
#include "server/metrics_file.hpp"
#include "server/plugin_desk.hpp"
#include "server/prober.hpp"
#include "server/records.hpp"
#include "server/retirement.hpp"
#include "server/rollout.hpp"
#include "server/settings.hpp"
#include "server/watchdog.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <sys/prctl.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace mortise::server {

namespace {

using observe::level;

std::optional<crash_history> open_history(const settings& chosen) {
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

// Everything a running host has. [control]
//
//   load ─► listen ─► enter ─► serve ─► drain ─► leave ─► stop
class host {
public:
    explicit host(const settings& chosen);

    int run();

private:
    bool open_control();
    bool load();
    std::optional<plugin::load_error> try_plugin(const plugin::catalogue::candidate& found);
    void quarantine_what_crashed();
    plugin::surroundings around() noexcept {
        return {crew_.size(),
                reports_,
                settings_.check_plugins,
                settings_.quarantine_faults,
                std::chrono::duration_cast<std::chrono::seconds>(settings_.quarantine_window),
                &settings_.plugin_limits,
                &records_.tallies()};
    }
    bool has_filters() const;
    bool listen();
    void enter();
    void serve();
    void drain();
    void leave();

    void wait_for_signal();
    void on_signal(int number);
    void change_plugins(rollout::occasion why);
    void on_loop_dry();
    void announce() const;

    const settings& settings_;
    const http1::settings http_settings_;
    log_reporter reports_;
    boost::asio::io_context control_{1};
    boost::asio::signal_set signals_{control_};
    boost::asio::steady_timer deadline_{control_};
    listening listening_;
    records records_;
    std::optional<crash_history> crash_history_;
    const crash_report crash_report_;
    prober prober_;
    crew crew_;
    std::optional<fleet> fleet_;
    std::optional<metrics_file> metrics_;
    std::optional<watchdog> watchdog_;
    std::optional<retirement> retirement_;
    std::optional<rollout> rollout_;
    std::optional<directory_watch> watch_;
    std::optional<plugin_desk> desk_;
    std::unique_ptr<admin::control_socket> control_socket_;
    std::size_t dry_loops_ = 0;
    bool draining_ = false;
    bool cut_off_ = false;
};

host::host(const settings& chosen)
    : settings_{chosen},
      http_settings_{chosen.limits, chosen.deadlines, chosen.server_field, chosen.server_timing},
      records_{chosen, count_loops(chosen.workers)},
      crash_history_{open_history(chosen)},
      crash_report_{crash_history_ ? crash_history_->descriptor() : -1},
      prober_{control_, chosen.probe_timeout},
      crew_{count_loops(chosen.workers), chosen.pool_threads, chosen.pool_queue} {}

int host::run() {
    if (!open_control() || !records_.open_access_log() || !load() || !listen()) {
        return exit_failed;
    }
    enter();
    if (fleet_->instances().empty()) {
        observe::log(level::error, "no plugin is left to serve; mend one of those above");
        leave();
        return exit_failed;
    }
    if (!has_filters()) {
        leave();
        return exit_failed;
    }
    serve();
    leave();
    return cut_off_ ? exit_failed : exit_clean;
}

bool host::load() {
    if (settings_.watch_plugins) {
        watch_.emplace(control_, settings_.plugins);
    }
    auto loaded =
        plugin::catalogue::load(settings_.plugins, settings_.plugin_configuration, around(),
                                [this](const auto& found) { return try_plugin(found); });
    if (!loaded) {
        observe::log(level::error, loaded.error().line());
        return false;
    }
    fleet_.emplace(std::move(*loaded), settings_.filters, records_.requests());
    quarantine_what_crashed();
    for (const auto& error : fleet_->errors()) {
        observe::log(level::error, error.line());
    }
    if (fleet_->instances().empty()) {
        observe::log(level::error, "no plugin in " + settings_.plugins.string() +
                                       " can be served; put a .so of this host's SDK there");
        return false;
    }
    for (const auto& [id, limits] : settings_.plugin_limits) {
        const auto is_it = [&id = id](const auto& each) { return each->id() == id; };
        if (id != "*" && std::ranges::none_of(fleet_->instances(), is_it)) {
            observe::log(level::warning, "--limit is given for a plugin that is not there",
                         {{"plugin", id}});
        }
    }
    for (const auto* filter : fleet_->idle_filters()) {
        observe::log(level::warning, "a filter does not run, since --filters does not name it",
                     {{"plugin", filter->owner().id()}, {"filter", filter->name()}});
    }
    return has_filters();
}

// Waits for the trial: nothing else is to be done yet.
std::optional<plugin::load_error> host::try_plugin(const plugin::catalogue::candidate& found) {
    if (!settings_.probe_plugins) {
        return std::nullopt;
    }
    std::optional<std::optional<plugin::load_error>> verdict;
    prober_.probe(found, plugin::catalogue::values_for(found, settings_.plugin_configuration),
                  [&](auto bad) { verdict.emplace(std::move(bad)); });
    while (!verdict) {
        control_.restart();
        control_.run_one();
    }
    control_.restart();
    return *verdict;
}

void host::quarantine_what_crashed() {
    for (const auto& each : fleet_->instances()) {
        const auto crashes = crash_history_ ? crash_history_->count(each->id(), each->digest()) : 0;
        if (settings_.quarantine_crashes == 0 || crashes < settings_.quarantine_crashes) {
            continue;
        }
        each->set_admission(plugin::admission::quarantined);
        const std::string number = std::to_string(crashes);
        observe::log(
            level::error,
            "a plugin is in quarantine, since it has crashed this host: its requests are "
            "answered with 503; replace it",
            {{"plugin", each->id()}, {"file", each->file().native()}, {"crashes", number}});
    }
}

// A filter may be what keeps strangers out: nothing is served without one that was asked for.
bool host::has_filters() const {
    const auto missing = fleet_->missing_filter(fleet_->serving());
    if (missing) {
        observe::log(level::error,
                     "no plugin in service has the filter \"" + *missing +
                         "\", which --filters names; mend its plugin or take the name "
                         "out");
    }
    return !missing;
}

bool host::open_control() {
    if (settings_.control.empty()) {
        return true;
    }
    auto opened = admin::control_socket::open(control_, settings_.control);
    if (!opened) {
        observe::log(level::error, opened.error());
        return false;
    }
    control_socket_ = std::move(*opened);
    return true;
}

bool host::listen() {
    auto opened = open_listening(settings_.listen, crew_.size());
    if (!opened) {
        observe::log(level::error, opened.error());
        return false;
    }
    listening_ = std::move(*opened);
    return true;
}

void host::enter() {
    const auto dropped = crew_.enter(*fleet_, {.http = http_settings_,
                                               .max_connections = settings_.max_connections,
                                               .access_log = records_.access_log(),
                                               .metrics = records_.requests()});
    for (const auto& error : dropped) {
        observe::log(level::error, error.line());
    }
}

void host::serve() {
    crew_.on_each_loop([this](worker& worker) {
        for (const int socket : listening_.sockets[worker.index()]) {
            worker.listen(socket);
        }
    });
    retirement_.emplace(control_, crew_.workers(), *fleet_, settings_.drain);
    rollout_.emplace(control_, crew_.workers(), *fleet_, *retirement_, prober_, settings_,
                     around());
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGUSR1}) {
        signals_.add(number);
    }
    watchdog_.emplace(control_, crew_.workers(), listening_.sockets,
                      call_limits{settings_.stall, settings_.call});
    wait_for_signal();
    if (watch_) {
        watch_->start([this] { change_plugins(rollout::occasion::seen); });
    }
    if (control_socket_) {
        desk_.emplace(*fleet_, *rollout_, *retirement_);
        control_socket_->start([this](const auto& asked, auto reply) {
            if (draining_) {
                return reply(admin::failure(503, "the host is stopping", "ask the next one"));
            }
            desk_->obey(asked, std::move(reply));
        });
    }
    announce();
    if (!settings_.metrics_file.empty()) {
        metrics_.emplace(control_, settings_.metrics_file,
                         [this] { return records_.metrics_text(*fleet_, crew_.workers()); });
    }
    control_.run();
}

void host::announce() const {
    for (const auto* serving : fleet_->serving()) {
        log_in_service(*serving);
    }
    std::FILE* const to = settings_.logs_to_stdout() ? stderr : stdout;
    std::fprintf(to, "Server started at %s\n", listening_.url.c_str());
    std::fflush(to);
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
        return change_plugins(rollout::occasion::asked);
    }
    if (number == SIGUSR1) {
        return records_.reopen_access_log();
    }
    if (draining_) {
        observe::log(level::warning, "a second signal came: stopping now");
        cut_off_ = true;
        return control_.stop();
    }
    draining_ = true;
    watchdog_->stop_sharing();
    observe::log(level::info, "draining: what is in flight is finished",
                 {{"signal", number == SIGINT ? "INT" : "TERM"}});
    drain();
}

void host::change_plugins(rollout::occasion why) {
    if (!draining_) {
        rollout_->begin(why);
    }
}

void host::drain() {
    for (const auto& worker : crew_.workers()) {
        worker->loop().post([this, &worker = *worker] {
            worker.drain([this] { boost::asio::post(control_, [this] { on_loop_dry(); }); });
        });
    }
    deadline_.expires_after(settings_.drain);
    deadline_.async_wait([this](const boost::system::error_code& error) {
        if (!error) {
            observe::log(level::warning, "the drain timeout is over: what is left is cut off");
            cut_off_ = true;
            control_.stop();
        }
    });
}

void host::on_loop_dry() {
    if (++dry_loops_ == crew_.size()) {
        control_.stop();
    }
}

void host::leave() {
    crew_.leave(reports_, [this] {
        if (metrics_) {
            metrics_->write(); // all that was served is in it
            metrics_.reset();
        }
    });
    control_socket_.reset();
    desk_.reset();
    records_.close_access_log();
    watchdog_.reset();
    watch_.reset();
    rollout_.reset();
    retirement_.reset();
    fleet_.reset();
    observe::log(level::info, "stopped");
}

int serve(const settings& settings) {
    if (settings.ends_with_parent) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    }
    observe::set_log_format(settings.log_format);
    observe::set_log_level(settings.log_level);
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGUSR1, SIG_IGN); // until there is a log to open anew
    async::role_of_this_thread = async::thread_role::control;
    const async::alternate_stack for_signals;
    host running{settings};
    return running.run();
}

} // namespace mortise::server
