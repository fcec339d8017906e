// SPDX-License-Identifier: BSL-1.0
// Steps on every loop, waited for.
#include "server/crew.hpp"

#include "observe/access_log.hpp"
#include "observe/log.hpp"
#include "observe/request_metrics.hpp"
#include "plugin/reporter.hpp"
#include "server/fleet.hpp"
#include "server/server.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <set>
#include <string>
#include <unistd.h>
#include <utility>

namespace mortise::server {

namespace {

using observe::level;

// How long a loop may take for a step, before it counts as held by a plugin.
constexpr std::chrono::seconds step_patience{5};

} // namespace

void end_at_once(std::string_view why) {
    observe::log(level::error, why);
    ::_exit(exit_failed);
}

crew::crew(std::size_t loops, std::size_t pool_threads, std::size_t pool_queue)
    : loops_{loops}, pool_{pool_threads, pool_queue} {}

crew::~crew() {
    loops_.stop();
}

http1::observation crew::observe_loop(std::size_t index, const terms& by) {
    http1::observation told;
    if (by.access_log != nullptr) {
        access_writers_.push_back(std::make_unique<observe::access_writer>(*by.access_log));
        told.access_log = access_writers_.back().get();
    }
    if (by.metrics != nullptr) {
        metrics_.push_back(std::make_unique<observe::loop_metrics>(*by.metrics, index));
        told.metrics = metrics_.back().get();
    }
    return told;
}

std::vector<plugin::load_error> crew::enter(fleet& plugins, const terms& by) {
    fleet_ = &plugins;
    const std::size_t count = loops_.size();
    const std::size_t capacity = std::max<std::size_t>(1, by.max_connections / count);
    for (std::size_t index = 0; index < count; ++index) {
        workers_.push_back(std::make_unique<worker>(loops_[index], pool_, by.http, plugins,
                                                    observe_loop(index, by), capacity));
    }
    loops_.start();
    std::vector<std::vector<plugin::load_error>> errors(count);
    on_each_loop([&](worker& worker) { errors[worker.index()] = worker.enter(); });
    std::vector<plugin::load_error> dropped;
    std::set<std::filesystem::path> told;
    for (const auto& of_loop : errors) {
        for (const auto& error : of_loop) {
            if (!told.insert(error.file).second) {
                continue; // it failed on another loop before
            }
            auto& refused = *plugins.find(error.file);
            on_each_loop([&](worker& worker) { worker.leave(refused); });
            plugins.drop(error);
            dropped.push_back(error);
        }
    }
    on_each_loop([&](worker& worker) { worker.publish(plugins.current()); });
    return dropped;
}

void crew::on_each_loop(const std::function<void(worker&)>& step) {
    on_each_loop_until_done([&step](worker& worker, const std::function<void()>& done) {
        step(worker);
        done();
    });
}

// Runs `begin` on every loop and waits until each has called `done` on it.
void crew::on_each_loop_until_done(
    const std::function<void(worker&, std::function<void()> done)>& begin) {
    std::vector<std::future<void>> visits;
    for (auto& worker : workers_) {
        auto visit = std::make_shared<std::promise<void>>();
        visits.push_back(visit->get_future());
        worker->loop().post(
            [&begin, visit, &worker = *worker] { begin(worker, [visit] { visit->set_value(); }); });
    }
    const auto until = std::chrono::steady_clock::now() + step_patience;
    for (auto& visit : visits) {
        if (visit.wait_until(until) != std::future_status::ready) {
            end_at_once("a plugin holds its loop: ending without taking it down");
        }
    }
}

// Until plugins have nothing under way: what ends on one loop may have begun more on another.
void crew::settle() {
    const auto end = std::chrono::steady_clock::now() + step_patience / 2;
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

bool crew::has_operations() {
    std::atomic<bool> is_any{false};
    on_each_loop([&](worker& worker) { is_any = is_any || worker.has_operations(); });
    return is_any;
}

// False: a plugin is held, which is said with its reasons.
bool crew::close_holds(plugin::reporter& reports) {
    bool are_closed = true;
    for (const auto& instance : fleet_->instances()) {
        if (!instance->close_holds()) {
            are_closed = false;
            for (const auto& reason : instance->holds()) {
                reports.report(plugin::severity::error, instance->id(),
                               instance->version() + ": is held: " + reason, {});
            }
        }
    }
    return are_closed;
}

void crew::leave(plugin::reporter& reports, const std::function<void()>& before_last) {
    for (const auto& instance : fleet_->instances()) {
        instance->quiesce();
    }
    settle();
    if (has_operations()) {
        end_at_once("a plugin's operations do not end: ending without taking it down");
    }
    before_last();
    if (!close_holds(reports)) {
        end_at_once("a plugin is held: ending without taking it down");
    }
    on_each_loop([](worker& worker) { worker.leave(); });
    loops_.stop();
    workers_.clear();
    access_writers_.clear();
    metrics_.clear();
}

} // namespace mortise::server
