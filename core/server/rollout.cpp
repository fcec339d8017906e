// SPDX-License-Identifier: BSL-1.0
// Trying, loading, entering, publishing.
#include "server/rollout.hpp"

#include "config/settings.hpp"
#include "observe/log.hpp"
#include "plugin/hand_over.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

namespace mortise::server {

namespace {

using observe::level;
using plugin::instance;
using plugin::load_error;

template <class Range>
bool contains(const Range& among, const auto& wanted) {
    return std::ranges::find(among, wanted) != std::ranges::end(among);
}

} // namespace

rollout::rollout(boost::asio::io_context& control, worker_span workers, fleet& of,
                 retirement& leaving, prober& trying, const config::settings& chosen,
                 const plugin::surroundings& around)
    : control_{control},
      workers_{workers},
      fleet_{of},
      retirement_{leaving},
      prober_{trying},
      settings_{chosen},
      around_{around} {}

void rollout::begin(occasion why, on_done done) {
    wish wanted{.why = why, .rolled_back = {}, .next = {}, .done = {}};
    if (done) {
        wanted.done.push_back(std::move(done));
    }
    add(std::move(wanted));
}

void rollout::roll_back(const std::string& id, on_done done) {
    add({.why = occasion::asked, .rolled_back = id, .next = {}, .done = {std::move(done)}});
}

void rollout::reload(std::shared_ptr<const config::settings> next, on_done done) {
    add({.why = occasion::asked,
         .rolled_back = {},
         .next = std::move(next),
         .done = {std::move(done)}});
}

const config::settings& rollout::chosen() const {
    const auto& next = wishes_.front().next;
    return next != nullptr ? *next : settings_;
}

plugin::surroundings rollout::around() const {
    auto made = around_;
    made.faults = chosen().quarantine_faults;
    made.within = std::chrono::duration_cast<std::chrono::seconds>(chosen().quarantine_window);
    made.limits = &chosen().plugin_limits;
    return made;
}

// A look at the directory that waits its turn sees all that came until then.
void rollout::add(wish wanted) {
    const auto is_look = [](const wish& each) {
        return each.rolled_back.empty() && each.next == nullptr;
    };
    if (is_look(wanted) && wishes_.size() > 1 && is_look(wishes_.back())) {
        auto& waiting = wishes_.back();
        waiting.why = std::max(waiting.why, wanted.why);
        std::ranges::move(wanted.done, std::back_inserter(waiting.done));
        return;
    }
    wishes_.push_back(std::move(wanted));
    if (wishes_.size() == 1) {
        begin_next();
    }
}

void rollout::begin_next() {
    if (observer_ != nullptr) {
        observer_->on_change_begin(wishes_.front().why);
    }
    if (wishes_.front().rolled_back.empty()) {
        look_at_directory();
    } else {
        begin_roll_back();
    }
}

void rollout::begin_roll_back() {
    const std::string& id = wishes_.front().rolled_back;
    auto* const serving = find_serving(id);
    const auto before = previous_.find(id);
    if (serving == nullptr || before == previous_.end()) {
        fail("plugin " + id + ": no generation is known that it replaced; put its file back");
        return finish();
    }
    rejected_[id] = serving->digest();
    arriving_.push_back({before->second, {serving}});
    try_next();
}

void rollout::fail(std::string line) {
    observe::log(level::error, line);
    outcome_.faults.push_back(std::move(line));
}

void rollout::try_next() {
    if (arriving_.empty()) {
        return propose();
    }
    const auto judge = [this](const std::optional<load_error>& bad) {
        arriving taken = std::move(arriving_.front());
        arriving_.pop_front();
        if (bad) {
            fail(bad->line());
        } else {
            load(std::move(taken));
        }
        try_next();
    };
    if (!chosen().probe_plugins) {
        return judge(std::nullopt);
    }
    const auto& next = arriving_.front().found;
    prober_.probe(next, plugin::catalogue::values_for(next, chosen().plugin_configuration), judge);
}

instance* rollout::find_serving(const std::string& id) const {
    const auto serving = fleet_.serving();
    const auto found =
        std::ranges::find_if(serving, [&](const auto* each) { return each->id() == id; });
    return found != serving.end() ? *found : nullptr;
}

void rollout::load(arriving taken) {
    auto made = plugin::catalogue::load(taken.found, chosen().plugin_configuration, around());
    if (!made) {
        return fail(made.error().line());
    }
    if (auto* const before = find_serving(taken.found.note.id)) {
        if (before->admits() == plugin::admission::disabled) {
            (*made)->set_admission(plugin::admission::disabled);
        }
        plugin::hand_over(*before, **made);
    }
    if (const auto error = (*made)->start()) {
        return fail(error->line());
    }
    joining_.push_back({&fleet_.adopt(std::move(*made)), std::move(taken.replaced)});
}

std::vector<instance*> rollout::next_serving() const {
    std::vector<instance*> next;
    for (auto* const each : fleet_.serving()) {
        const bool is_replaced = std::ranges::any_of(
            joining_, [&](const auto& one) { return contains(one.replaced, each); });
        if (!is_replaced && !contains(removed_, each)) {
            next.push_back(each);
        }
    }
    for (const auto& each : joining_) { // the last ones: they are refused where two cannot be
        next.push_back(each.next);
    }
    return next;
}

// Proposes what is left without one of those that join.
void rollout::refuse(const load_error& why) {
    fail(why.line());
    proposed_.reset();
    if (is_whole()) {
        return withdraw_all();
    }
    const auto refused = std::ranges::find_if(
        joining_, [&](const auto& each) { return each.next->file() == why.file; });
    assert(refused != joining_.end());
    std::vector<joining> gone{std::move(*refused)};
    joining_.erase(refused);
    withdraw(std::move(gone), [this] { propose(); });
}

void rollout::withdraw_all() {
    removed_.clear();
    withdraw(std::exchange(joining_, {}), [this] { finish(); });
}

void rollout::withdraw(std::vector<joining> refused, std::function<void()> then) {
    for (const auto& each : refused) {
        each.next->quiesce();
    }
    const auto leaving = std::make_shared<const std::vector<joining>>(std::move(refused));
    visit(
        workers_, control_,
        [leaving](worker& on) {
            for (const auto& each : *leaving) {
                on.leave(*each.next);
            }
        },
        [this, leaving, then = std::move(then)] {
            visit( // what it had posted has run behind this
                workers_, control_, [](worker&) {},
                [this, leaving, then] {
                    for (const auto& each : *leaving) {
                        fleet_.release(*each.next);
                    }
                    then();
                });
        });
}

bool rollout::is_overtaken() {
    if (!is_whole() || !is_stopped_) {
        return false;
    }
    fail("the host is stopping");
    return true;
}

void rollout::propose() {
    if (is_overtaken()) {
        return withdraw_all();
    }
    const composition by{chosen()};
    if (joining_.empty() && removed_.empty() && by == fleet_.composed()) {
        return finish();
    }
    const auto next = next_serving();
    if ((is_whole() && !outcome_.faults.empty()) || !is_sound(next)) {
        return withdraw_all();
    }
    auto made = fleet_.compile(next, by);
    if (!made) {
        return refuse(made.error());
    }
    proposed_ = std::move(*made);
    enter();
}

// Without a plugin, or without a filter that was asked for, nothing may be served.
bool rollout::is_sound(std::span<instance* const> serving) {
    if (serving.empty()) {
        fail("no plugin would be left in service: nothing is changed");
        return false;
    }
    if (const auto missing = missing_filter(serving, composition{chosen()})) {
        fail("no plugin would have the filter \"" + *missing +
             "\", which is asked for: nothing is changed");
        return false;
    }
    return true;
}

void rollout::enter() {
    auto errors = std::make_shared<std::vector<std::optional<load_error>>>(workers_.size());
    visit(
        workers_, control_,
        [this, errors](worker& on) {
            for (const auto& each : joining_) {
                if (auto error = on.enter(*each.next)) {
                    (*errors)[on.index()] = std::move(error);
                    return;
                }
            }
        },
        [this, errors] {
            for (const auto& error : *errors) {
                if (error) {
                    return refuse(*error);
                }
            }
            if (is_overtaken()) {
                proposed_.reset();
                return withdraw_all();
            }
            publish();
        });
}

void rollout::publish() {
    auto last = std::make_shared<retirement::cohorts>(workers_.size());
    visit(
        workers_, control_,
        [this, last](worker& on) { (*last)[on.index()] = on.publish(*proposed_); },
        [this, last] {
            for (const auto& each : joining_) {
                note_change(each);
                removed_.insert(removed_.end(), each.replaced.begin(), each.replaced.end());
            }
            auto serving = next_serving();
            retirement_.add(
                fleet_.replace(std::move(proposed_), std::move(serving), composition{chosen()}),
                *last);
            for (auto* const each : removed_) {
                if (find_serving(each->id()) == nullptr) {
                    outcome_.changes.push_back(each->id() + " is out of service");
                }
                retirement_.add(*each, *last);
            }
            joining_.clear();
            removed_.clear();
            finish();
        });
}

// What it replaces is kept as it was loaded, whatever becomes of its file.
void rollout::note_change(const joining& each) {
    const auto* const before = find_serving(each.next->id());
    log_in_service(*each.next, composition{chosen()}, before);
    outcome_.changes.push_back(each.next->id() + " " + each.next->version() +
                               " is in service as generation " +
                               std::to_string(each.next->generation()));
    if (before != nullptr) {
        if (auto kept = plugin::catalogue::candidate_of(*before)) {
            previous_.insert_or_assign(before->id(), std::move(*kept));
        }
    }
}

void rollout::finish() {
    const wish over = std::move(wishes_.front());
    wishes_.pop_front();
    const outcome came_to = std::exchange(outcome_, {});
    if (observer_ != nullptr && over.next == nullptr) {
        observer_->on_change_end(over.why, came_to);
    }
    for (const auto& done : over.done) {
        done(came_to);
    }
    if (!wishes_.empty()) {
        begin_next();
    }
}

} // namespace mortise::server
