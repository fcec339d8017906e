// SPDX-License-Identifier: BSL-1.0
// Start, service, drain and end of a host.
#include "server/server.hpp"

#include "async/loop_pool.hpp"
#include "async/thread_role.hpp"
#include "async/work_pool.hpp"
#include "observe/access_log.hpp"
#include "observe/log.hpp"
#include "server/fleet.hpp"
#include "server/listening.hpp"
#include "server/log_reporter.hpp"
#include "server/metrics_file.hpp"
#include "server/retirement.hpp"
#include "server/rollout.hpp"
#include "server/settings.hpp"
#include "server/worker.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <unistd.h>
#include <vector>

namespace mortise::server {

namespace {

using observe::level;

// How long a loop may take for a step at the end, before it counts as held by a plugin.
constexpr std::chrono::seconds patience{5};

[[noreturn]] void end_at_once(std::string_view why) {
    observe::log(level::error, why);
    ::_exit(exit_failed);
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
    bool load();
    plugin::surroundings around() noexcept {
        return {loops_.size(), reports_, settings_.check_plugins};
    }
    bool has_filters() const;
    bool listen();
    void enter();
    void serve();
    void drain();
    void leave();
    void settle();
    bool has_operations();
    bool close_holds();

    void on_each_loop(const std::function<void(worker&)>& step);
    void
    on_each_loop_until_done(const std::function<void(worker&, std::function<void()> done)>& begin);
    void wait_for_signal();
    void on_signal(int number);
    void on_loop_dry();
    void announce() const;

    const settings& settings_;
    const http1::settings http_settings_;
    log_reporter reports_;
    boost::asio::io_context control_{1};
    boost::asio::signal_set signals_{control_};
    boost::asio::steady_timer deadline_{control_};
    listening listening_;
    std::optional<observe::access_log> access_log_;
    std::vector<std::unique_ptr<observe::access_writer>> access_writers_;
    async::loop_pool loops_;
    async::work_pool pool_;
    std::optional<fleet> fleet_;
    std::optional<metrics_file> metrics_;
    std::vector<std::unique_ptr<worker>> workers_;
    std::optional<retirement> retirement_;
    std::optional<rollout> rollout_;
    std::size_t dry_loops_ = 0;
    bool draining_ = false;
    bool cut_off_ = false;
};

host::host(const settings& chosen)
    : settings_{chosen},
      http_settings_{chosen.limits, chosen.deadlines, chosen.server_field},
      loops_{count_loops(chosen.workers)},
      pool_{chosen.pool_threads, chosen.pool_queue} {}

int host::run() {
    if (!load() || !listen()) {
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
    auto loaded =
        plugin::catalogue::load(settings_.plugins, settings_.plugin_configuration, around());
    if (!loaded) {
        observe::log(level::error, loaded.error().line());
        return false;
    }
    fleet_.emplace(std::move(*loaded), settings_.filters);
    for (const auto& error : fleet_->errors()) {
        observe::log(level::error, error.line());
    }
    if (fleet_->instances().empty()) {
        observe::log(level::error, "no plugin in " + settings_.plugins.string() +
                                       " can be served; put a .so of this host's SDK there");
        return false;
    }
    for (const auto* filter : fleet_->idle_filters()) {
        observe::log(level::warning, "a filter does not run, since --filters does not name it",
                     {{"plugin", filter->owner().id()}, {"filter", filter->name()}});
    }
    return has_filters();
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

bool host::listen() {
    auto opened = open_listening(settings_.listen, loops_.size());
    if (!opened) {
        observe::log(level::error, opened.error());
        return false;
    }
    listening_ = std::move(*opened);
    return true;
}

void host::enter() {
    if (settings_.access_log != observe::access_format::off) {
        access_log_.emplace(settings_.access_log, STDOUT_FILENO);
    }
    const std::size_t count = loops_.size();
    const std::size_t capacity = std::max<std::size_t>(1, settings_.max_connections / count);
    for (std::size_t index = 0; index < count; ++index) {
        if (access_log_) {
            access_writers_.push_back(std::make_unique<observe::access_writer>(*access_log_));
        }
        workers_.push_back(std::make_unique<worker>(
            loops_[index], pool_, http_settings_, *fleet_,
            access_log_ ? access_writers_.back().get() : nullptr, capacity));
    }
    loops_.start();
    std::vector<std::vector<plugin::load_error>> errors(count);
    on_each_loop([&](worker& worker) { errors[worker.index()] = worker.enter(); });
    std::set<std::filesystem::path> told;
    for (const auto& of_loop : errors) {
        for (const auto& error : of_loop) {
            if (!told.insert(error.file).second) {
                continue; // it failed on another loop before
            }
            observe::log(level::error, error.line());
            auto& refused = *fleet_->find(error.file);
            on_each_loop([&](worker& worker) { worker.leave(refused); });
            fleet_->drop(error);
        }
    }
    on_each_loop([this](worker& worker) { worker.publish(fleet_->current()); });
}

void host::on_each_loop(const std::function<void(worker&)>& step) {
    on_each_loop_until_done([&step](worker& worker, const std::function<void()>& done) {
        step(worker);
        done();
    });
}

// Runs `begin` on every loop and waits until each has called `done` on it. A loop that does not
// come to it is held by a plugin; then nothing can be taken down in order, and the process ends.
void host::on_each_loop_until_done(
    const std::function<void(worker&, std::function<void()> done)>& begin) {
    std::vector<std::future<void>> visits;
    for (auto& worker : workers_) {
        auto visit = std::make_shared<std::promise<void>>();
        visits.push_back(visit->get_future());
        worker->loop().post(
            [&begin, visit, &worker = *worker] { begin(worker, [visit] { visit->set_value(); }); });
    }
    const auto until = std::chrono::steady_clock::now() + patience;
    for (auto& visit : visits) {
        if (visit.wait_until(until) != std::future_status::ready) {
            end_at_once("a plugin holds its loop: ending without taking it down");
        }
    }
}

void host::serve() {
    on_each_loop([this](worker& worker) {
        for (const int socket : listening_.sockets[worker.index()]) {
            worker.listen(socket);
        }
    });
    retirement_.emplace(control_, workers_, *fleet_, settings_.drain);
    rollout_.emplace(control_, workers_, *fleet_, *retirement_, settings_, around());
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
        signals_.add(number);
    }
    wait_for_signal();
    announce();
    if (!settings_.metrics_file.empty()) {
        metrics_.emplace(control_, settings_.metrics_file, *fleet_);
    }
    control_.run();
}

void host::announce() const {
    for (const auto* serving : fleet_->serving()) {
        log_in_service(*serving);
    }
    std::FILE* const to = settings_.access_log == observe::access_format::off ? stdout : stderr;
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
        return draining_ ? void() : rollout_->begin();
    }
    if (draining_) {
        observe::log(level::warning, "a second signal came: stopping now");
        cut_off_ = true;
        return control_.stop();
    }
    draining_ = true;
    observe::log(level::info, "draining: what is in flight is finished",
                 {{"signal", number == SIGINT ? "INT" : "TERM"}});
    drain();
}

void host::drain() {
    for (auto& worker : workers_) {
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
    if (++dry_loops_ == workers_.size()) {
        control_.stop();
    }
}

// Until plugins have nothing under way: what ends on one loop may have begun more on another.
void host::settle() {
    const auto end = std::chrono::steady_clock::now() + patience / 2;
    const auto rest = [&] {
        return std::max(
            std::chrono::ceil<base::milliseconds>(end - std::chrono::steady_clock::now()),
            base::milliseconds{0});
    };
    do {
        on_each_loop_until_done([&](worker& worker, std::function<void()> done) {
            worker.cancel(rest(), std::move(done));
        });
    } while (has_operations() && rest() != base::milliseconds{0});
}

bool host::has_operations() {
    std::atomic<bool> is_any{false};
    on_each_loop([&](worker& worker) { is_any = is_any || worker.has_operations(); });
    return is_any;
}

// False: a plugin is held, which is said with its reasons.
bool host::close_holds() {
    bool are_closed = true;
    for (const auto& instance : fleet_->instances()) {
        if (!instance->close_holds()) {
            are_closed = false;
            for (const auto& reason : instance->holds()) {
                reports_.report(plugin::severity::error, instance->id(),
                                instance->version() + ": is held: " + reason, {});
            }
        }
    }
    return are_closed;
}

void host::leave() {
    for (const auto& instance : fleet_->instances()) {
        instance->quiesce();
    }
    settle();
    if (has_operations()) {
        end_at_once("a plugin's operations do not end: ending without taking it down");
    }
    if (metrics_) {
        metrics_->write(); // all that was served is in it
        metrics_.reset();
    }
    if (!close_holds()) {
        end_at_once("a plugin is held: ending without taking it down");
    }
    on_each_loop([](worker& worker) { worker.leave(); });
    loops_.stop();
    workers_.clear();
    access_writers_.clear();
    access_log_.reset();
    rollout_.reset();
    retirement_.reset();
    fleet_.reset();
    observe::log(level::info, "stopped");
}

int serve(const settings& settings) {
    observe::set_log_level(settings.log_level);
    std::signal(SIGPIPE, SIG_IGN);
    async::role_of_this_thread = async::thread_role::control;
    host running{settings};
    return running.run();
}

} // namespace mortise::server
