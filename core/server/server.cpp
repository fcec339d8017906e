// SPDX-License-Identifier: BSL-1.0
// Start, service, drain and end of a host.
#include "server/server.hpp"

#include "admin/control_socket.hpp"
#include "async/alternate_stack.hpp"
#include "async/thread_role.hpp"
#include "config/settings.hpp"
#include "observe/access_log.hpp"
#include "observe/log.hpp"
#include "server/crash_history.hpp"
#include "server/crash_report.hpp"
#include "server/crew.hpp"
#include "server/directory_look.hpp"
#include "server/directory_watch.hpp"
#include "server/fleet.hpp"
#include "server/listeners.hpp"
#include "server/log_reporter.hpp"
#include "server/metrics_file.hpp"
#include "server/plugin_desk.hpp"
#include "server/prober.hpp"
#include "server/reload.hpp"
#include "server/retirement.hpp"
#include "server/rollout.hpp"
#include "server/watchdog.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <list>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <sys/prctl.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

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

// Everything a running host has. [control]
//
//   load ─► listen ─► enter ─► serve ─► drain ─► leave ─► stop
class host {
public:
    host(const config::source& from, const config::settings& chosen);

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
                &settings_.plugin_limits};
    }
    bool has_filters() const;
    void watch_folders();
    void start_watches();
    void follow_settings();
    bool listen();
    void enter();
    void serve();
    void drain();
    void leave();

    void wait_for_signal();
    void on_signal(int number);
    void change_plugins(rollout::occasion why);
    void begin_reload(rollout::on_done done);
    void on_loop_dry();
    void announce() const;

    const config::source& source_;
    config::settings settings_;
    log_reporter reports_;
    boost::asio::io_context control_{1};
    boost::asio::signal_set signals_{control_};
    boost::asio::steady_timer deadline_{control_};
    listeners listeners_;
    std::optional<observe::access_log> access_log_;
    std::optional<crash_history> crash_history_;
    const crash_report crash_report_;
    prober prober_;
    crew crew_;
    std::optional<fleet> fleet_;
    std::optional<metrics_file> metrics_;
    std::optional<watchdog> watchdog_;
    std::optional<retirement> retirement_;
    std::optional<rollout> rollout_;
    std::optional<reload> reload_;
    std::list<directory_watch> watches_;
    std::optional<plugin_desk> desk_;
    std::unique_ptr<admin::control_socket> control_socket_;
    std::size_t dry_loops_ = 0;
    bool draining_ = false;
    bool cut_off_ = false;
};

host::host(const config::source& from, const config::settings& chosen)
    : source_{from},
      settings_{chosen},
      crash_history_{open_history(chosen)},
      crash_report_{crash_history_ ? crash_history_->descriptor() : -1},
      prober_{control_, chosen.probe_timeout},
      crew_{count_loops(chosen.workers), chosen.pool_threads, chosen.pool_queue} {}

int host::run() {
    if (!open_control() || !load() || !listen()) {
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
        watch_folders();
    }
    const auto files = files_of(settings_);
    if (!files) {
        observe::log(level::error, files.error().line());
        return false;
    }
    auto loaded = plugin::catalogue::load(*files, settings_.plugin_configuration, around(),
                                          [this](const auto& found) { return try_plugin(found); });
    for (const auto& id : loaded.unclaimed()) {
        observe::log(level::error, unclaimed_line(id));
    }
    fleet_.emplace(std::move(loaded), composition{settings_});
    quarantine_what_crashed();
    for (const auto& error : fleet_->errors()) {
        observe::log(level::error, error.line());
    }
    if (fleet_->instances().empty()) {
        observe::log(level::error, settings_.all_plugins
                                       ? "no plugin in " + settings_.plugins.string() +
                                             " can be served; put a .so of this host's SDK there"
                                       : std::string{"no plugin can be served; mend those above"});
        return false;
    }
    for (const auto& [id, limits] : settings_.plugin_limits) {
        const auto is_it = [&id = id](const auto& each) { return each->id() == id; };
        if (id != "*" && std::ranges::none_of(fleet_->instances(), is_it)) {
            observe::log(level::warning, "limits are given for a plugin that is not there",
                         {{"plugin", id}});
        }
    }
    for (const auto* filter : fleet_->idle_filters()) {
        observe::log(level::warning,
                     "a filter does not run, since plugins.filters does not name it",
                     {{"plugin", filter->owner().id()}, {"filter", filter->name()}});
    }
    return has_filters();
}

// Where files lie that are to be served.
void host::watch_folders() {
    std::set<std::filesystem::path> folders;
    if (!settings_.plugins.empty()) {
        folders.insert(settings_.plugins);
    }
    for (const auto& [id, file] : settings_.plugin_files) {
        folders.insert(file.parent_path());
    }
    watches_.clear();
    for (const auto& each : folders) {
        watches_.emplace_back(control_, each);
    }
}

// Other settings have come into service: what this has made by the old ones follows.
void host::follow_settings() {
    retirement_->set_drain(settings_.drain);
    prober_.set_limit(settings_.probe_timeout);
    if (!watches_.empty()) {
        watch_folders();
        start_watches();
    }
    metrics_.reset();
    if (!settings_.metrics_file.empty()) {
        metrics_.emplace(control_, settings_.metrics_file, *fleet_);
    }
}

void host::start_watches() {
    for (auto& each : watches_) {
        each.start([this] { change_plugins(rollout::occasion::seen); });
    }
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
    const auto missing = missing_filter(fleet_->serving(), fleet_->composed());
    if (missing) {
        observe::log(level::error,
                     "no plugin in service has the filter \"" + *missing +
                         "\", which plugins.filters names; mend its plugin or take the name out");
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
    const auto opened = listeners_.open(settings_.listeners, crew_.size());
    if (!opened) {
        observe::log(level::error, opened.error());
    }
    return opened.has_value();
}

void host::enter() {
    if (settings_.access_log != observe::access_format::off) {
        access_log_.emplace(settings_.access_log, STDOUT_FILENO);
    }
    const auto http = http_settings(settings_);
    const auto dropped =
        crew_.enter(*fleet_, {.http = http,
                              .max_connections = settings_.max_connections,
                              .access_log = access_log_ ? &*access_log_ : nullptr});
    for (const auto& error : dropped) {
        observe::log(level::error, error.line());
    }
}

void host::serve() {
    crew_.on_each_loop([this](worker& worker) { listeners_.serve(worker); });
    retirement_.emplace(control_, crew_.workers(), *fleet_, settings_.drain);
    rollout_.emplace(control_, crew_.workers(), *fleet_, *retirement_, prober_, settings_,
                     around());
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
        signals_.add(number);
    }
    watchdog_.emplace(control_, crew_.workers(), listeners_,
                      call_limits{settings_.stall, settings_.call});
    wait_for_signal();
    reload_.emplace(control_, crew_.workers(), source_, settings_, listeners_, *rollout_);
    reload_->on_change([this] { follow_settings(); });
    start_watches();
    if (control_socket_) {
        desk_.emplace(*fleet_, *rollout_, *retirement_);
        control_socket_->start([this](const auto& asked, auto reply) {
            if (draining_) {
                return reply(admin::failure(503, "the host is stopping", "ask the next one"));
            }
            if (asked.method == "POST" && asked.target == "/reload") {
                return begin_reload([reply](const auto& came_to) { reply(to_answer(came_to)); });
            }
            desk_->obey(asked, std::move(reply));
        });
    }
    announce();
    if (!settings_.metrics_file.empty()) {
        metrics_.emplace(control_, settings_.metrics_file, *fleet_);
    }
    control_.run();
}

void host::announce() const {
    for (const auto* serving : fleet_->serving()) {
        log_in_service(*serving, fleet_->composed());
    }
    listeners_.announce(settings_.access_log == observe::access_format::off ? stdout : stderr);
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
        return draining_ ? void() : begin_reload({});
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

// Without a file, options are all there is, and they do not change: the plugins may have.
void host::begin_reload(rollout::on_done done) {
    if (source_.file.empty()) {
        rollout_->begin(rollout::occasion::asked, std::move(done));
    } else {
        reload_->begin(std::move(done));
    }
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
    access_log_.reset();
    watchdog_.reset();
    watches_.clear();
    reload_.reset();
    rollout_.reset();
    retirement_.reset();
    fleet_.reset();
    observe::log(level::info, "stopped");
}

int serve(const config::source& from, const config::settings& chosen) {
    if (chosen.ends_with_parent) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    }
    observe::set_log_level(chosen.log_level);
    std::signal(SIGPIPE, SIG_IGN);
    async::role_of_this_thread = async::thread_role::control;
    const async::alternate_stack for_signals;
    host running{from, chosen};
    return running.run();
}

} // namespace mortise::server
