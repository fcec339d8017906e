// SPDX-License-Identifier: BSL-1.0
// Everything a running host has.
#pragma once

#include "config/reader.hpp"
#include "server/administration.hpp"
#include "server/crash_history.hpp"
#include "server/crash_report.hpp"
#include "server/crew.hpp"
#include "server/directory_watch.hpp"
#include "server/fleet.hpp"
#include "server/heartbeat.hpp"
#include "server/host_state.hpp"
#include "server/listeners.hpp"
#include "server/log_reporter.hpp"
#include "server/metrics_file.hpp"
#include "server/predecessor.hpp"
#include "server/prober.hpp"
#include "server/records.hpp"
#include "server/reload.hpp"
#include "server/retirement.hpp"
#include "server/rollout.hpp"
#include "server/shutdown.hpp"
#include "server/supervisor.hpp"
#include "server/upgrade.hpp"
#include "server/watchdog.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <chrono>
#include <csignal>
#include <list>
#include <optional>
#include <string>
#include <sys/types.h>

namespace mortise::server {

// Everything [control].
//
//   load ─► listen ─► enter ─► serve ─► drain ─► leave ─► stop
class host {
public:
    host(const config::source& from, config::configured read);

    int run();

private:
    bool start();
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
    void watch_folders();
    void start_watches();
    void follow_settings();
    bool listen();
    void enter();
    void serve();
    void leave();

    void wait_for_signal();
    void on_signal(int number);
    void change_plugins(rollout::occasion why);
    void begin_reload(rollout::on_done done);
    void announce() const;
    void start_metrics();
    void begin_drain(base::milliseconds delay);

    std::string judge_upgrade() const;
    void begin_upgrade(upgrade::on_done done);
    void hand_over(const upgrade::outcome& to);
    void disable_as_before();
    void take_over();
    bool may_take_over() const;
    void refuse_upgrade();

    const config::source& source_;
    config::configured configured_;
    const config::settings& settings_ = configured_.chosen;
    supervisor supervisor_;
    log_reporter reports_;
    boost::asio::io_context control_{1};
    predecessor predecessor_;
    upgrade upgrade_{control_};
    boost::asio::signal_set signals_{control_, SIGHUP, SIGUSR1, SIGUSR2}; // obeyed once it serves
    bool is_told_to_stop_ = false;                                        // by a signal
    listeners listeners_;
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
    std::optional<reload> reload_;
    std::list<directory_watch> watches_;
    std::optional<host_state> state_;
    std::optional<heartbeat> heartbeat_;
    administration administration_{control_};
    std::optional<shutdown> shutdown_;
};

} // namespace mortise::server
