// SPDX-License-Identifier: BSL-1.0
// Looking, quiescing, cutting off, taking down.
#include "server/retirement.hpp"

#include "observe/log.hpp"
#include "server/fleet.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace mortise::server {

namespace {

using observe::level;

constexpr std::chrono::milliseconds period{20};
constexpr std::chrono::milliseconds slow_period{500}; // where all that is left is stuck
// How long what was cut off may take to let go, before that is said.
constexpr std::chrono::seconds rest_patience{5};

worker::rest sum(const std::vector<worker::rest>& loops) {
    worker::rest all{};
    for (const auto& each : loops) {
        all.exchanges += each.exchanges;
        all.operations += each.operations;
        all.pins += each.pins;
        all.is_at_filter = all.is_at_filter || each.is_at_filter;
    }
    return all;
}

bool is_nothing(const worker::rest& left) {
    return left.exchanges == 0 && left.operations == 0 && left.pins == 0 && !left.is_at_filter;
}

// One line about a plugin, and how much of it is under way.
void log_rest(const plugin::instance& about, const worker::rest& left, std::string_view what) {
    std::string holds;
    for (const auto& reason : about.holds()) {
        holds += (holds.empty() ? "" : ", ") + reason;
    }
    const std::string exchanges = std::to_string(left.exchanges);
    const std::string operations = std::to_string(left.operations);
    const std::string pins = std::to_string(left.pins);
    std::vector<observe::log_field> fields{{"plugin", about.id()},
                                           {"version", about.version()},
                                           {"exchanges", exchanges},
                                           {"operations", operations},
                                           {"responses", pins}};
    if (!holds.empty()) {
        fields.push_back({"held", holds});
    }
    observe::log(level::warning, what, fields);
}

} // namespace

retirement::retirement(boost::asio::io_context& control, worker_span workers, fleet& of,
                       base::milliseconds drain)
    : control_{control}, turn_{control}, workers_{workers}, fleet_{of}, drain_{drain} {}

void retirement::add(std::unique_ptr<snapshot> replaced, cohorts last) {
    snapshots_.push_back({std::move(replaced), std::move(last)});
    look_later();
}

void retirement::add(plugin::instance& leaving, cohorts last) {
    instances_.push_back({.leaving = leaving,
                          .last = std::move(last),
                          .since = base::monotonic_now(),
                          .rest = std::vector<worker::rest>(workers_.size())});
    look_later();
}

std::vector<retirement::departure> retirement::list() const {
    std::vector<departure> all;
    for (const auto& each : instances_) {
        if (each.now == state::gone) { // forgotten at the next look
            continue;
        }
        const std::string_view name = each.is_reported              ? "stuck"
                                      : each.is_cut_off             ? "cut off"
                                      : each.now == state::draining ? "draining"
                                                                    : "quiesced";
        all.push_back({each.leaving, name, sum(each.rest)});
    }
    return all;
}

void retirement::look_later() {
    if (is_looking_ || (snapshots_.empty() && instances_.empty())) {
        return;
    }
    is_looking_ = true;
    const bool are_stuck = std::ranges::all_of(instances_, &old_instance::is_reported);
    turn_.expires_after(are_stuck ? slow_period : period);
    turn_.async_wait([this](const boost::system::error_code& error) {
        if (!error) {
            look();
        }
    });
}

// A loop writes to what is its own alone; nothing is added or taken out of the lists meanwhile that
// it looks at, but behind its back: what is added now is looked at the next time.
void retirement::look() {
    struct finding {
        old_snapshot* of;
        std::vector<char> is_used; // on each loop
    };
    auto used = std::make_shared<std::vector<finding>>();
    for (auto& each : snapshots_) {
        used->push_back({&each, std::vector<char>(workers_.size())});
    }
    auto leaving = std::make_shared<std::vector<old_instance*>>();
    for (auto& each : instances_) {
        if (each.now < state::leaving) {
            leaving->push_back(&each);
        }
    }
    visit(
        workers_, control_,
        [used, leaving](worker& on) {
            const std::size_t loop = on.index();
            for (auto& each : *used) {
                each.is_used[loop] = on.has_exchanges_of(each.of->last[loop]) ? 1 : 0;
            }
            for (auto* const each : *leaving) {
                each->rest[loop] = on.rest_of(each->leaving, each->last[loop]);
            }
        },
        [this, used, leaving] {
            for (auto& each : *used) {
                each.of->is_used = std::ranges::count(each.is_used, 1) != 0;
            }
            for (auto* const each : *leaving) {
                judge(*each);
            }
            std::erase_if(snapshots_, [](const auto& each) { return !each.is_used; });
            std::erase_if(instances_, [](const auto& each) { return each.now == state::gone; });
            is_looking_ = false;
            look_later();
        });
}

void retirement::judge(old_instance& each) {
    const auto left = sum(each.rest);
    if (each.now == state::draining && !left.is_at_filter) {
        each.leaving.quiesce();
        each.now = state::quiesced; // what that ends is seen in the next look
        return;
    }
    if (is_nothing(left) && !each.leaving.is_held()) {
        if (each.now == state::idle && each.leaving.close_holds()) {
            return take_down(each);
        }
        each.now = state::idle; // what was posted before this look may begin something yet
    } else {
        each.now = std::min(each.now, state::quiesced);
    }
    const auto waited = base::monotonic_now() - each.since;
    if (waited >= drain_) {
        cut_off(each);
    }
    if (waited >= drain_ + rest_patience && !std::exchange(each.is_reported, true)) {
        log_rest(each.leaving, left,
                 "a replaced plugin cannot be unloaded yet: it does not let go");
    }
}

void retirement::cut_off(old_instance& each) {
    if (!std::exchange(each.is_cut_off, true)) {
        log_rest(each.leaving, sum(each.rest),
                 "the drain timeout of a replaced plugin is over: what is left is cut off");
    }
    visit(
        workers_, control_,
        [&leaving = each.leaving, last = each.last](worker& on) {
            on.cut_off(leaving, last[on.index()]);
        },
        [] {});
}

// The second visit is a fence: what the plugin had posted before its last call on a loop has run.
void retirement::take_down(old_instance& each) {
    each.now = state::leaving;
    visit(
        workers_, control_, [&leaving = each.leaving](worker& on) { on.leave(leaving); },
        [this, &each] {
            visit(
                workers_, control_, [](worker&) {},
                [this, &each] {
                    const std::string id = each.leaving.id();
                    const std::string version = each.leaving.version();
                    const std::string file = each.leaving.file().native();
                    const bool is_gone = fleet_.release(each.leaving);
                    each.now = state::gone;
                    if (is_gone) { // else that was reported
                        observe::log(level::info, "plugin unloaded",
                                     {{"plugin", id}, {"version", version}, {"file", file}});
                    }
                });
        });
}

} // namespace mortise::server
