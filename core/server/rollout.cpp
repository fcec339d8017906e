// SPDX-License-Identifier: BSL-1.0
// Looking, loading, entering, publishing.
#include "server/rollout.hpp"

#include "observe/log.hpp"
#include "plugin/hand_over.hpp"
#include "plugin/plugin_file.hpp"
#include "server/settings.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace mortise::server {

namespace {

using observe::level;
using plugin::instance;
using plugin::load_error;

template <class Range>
instance* find_by_file(const Range& among, const std::filesystem::path& file) {
    const auto found =
        std::ranges::find_if(among, [&](const auto& each) { return each->file() == file; });
    return found != std::ranges::end(among) ? &**found : nullptr;
}

template <class Range>
bool contains(const Range& among, const auto& wanted) {
    return std::ranges::find(among, wanted) != std::ranges::end(among);
}

} // namespace

rollout::rollout(boost::asio::io_context& control, worker_span workers, fleet& of,
                 retirement& leaving, const settings& chosen, const plugin::surroundings& around)
    : control_{control},
      workers_{workers},
      fleet_{of},
      retirement_{leaving},
      settings_{chosen},
      around_{around} {}

void rollout::begin() {
    if (std::exchange(is_under_way_, true)) {
        is_asked_again_ = true;
        return;
    }
    look_at_directory();
}

void rollout::look_at_directory() {
    const auto files = plugin::list_plugin_files(settings_.plugins);
    if (!files) {
        observe::log(level::error, files.error().line());
        return finish();
    }
    for (auto* const serving : fleet_.serving()) {
        if (!contains(*files, serving->file())) {
            removed_.push_back(serving);
        }
    }
    bool is_all_sound = true;
    for (const auto& file : *files) {
        const auto found = plugin::catalogue::judge_file(file);
        instance* replaced = nullptr;
        if (!found) {
            observe::log(level::error, found.error().line());
            is_all_sound = false;
        } else if (find_replaced(*found, *files, replaced)) {
            is_all_sound = load(*found, replaced) && is_all_sound;
        }
    }
    if (joining_.empty() && removed_.empty() && is_all_sound) {
        observe::log(level::info, "no plugin has changed");
    }
    propose();
}

bool rollout::find_replaced(const plugin::catalogue::candidate& found,
                            const std::vector<std::filesystem::path>& files,
                            instance*& replaced) const {
    const auto serving = fleet_.serving();
    replaced = find_by_file(serving, found.file);
    if (replaced != nullptr && replaced->is_made_of(found.bytes)) {
        return false;
    }
    for (auto* const each : serving) {
        if (each->id() != found.note.id || each == replaced) {
            continue;
        }
        if (contains(files, each->file())) {
            observe::log(level::error, load_error{found.file,
                                                  {"has the id \"" + found.note.id + "\" of " +
                                                       each->file().string(),
                                                   "remove one of the two"}}
                                           .line());
            return false;
        }
        replaced = each; // it was renamed
    }
    return true;
}

bool rollout::load(const plugin::catalogue::candidate& found, instance* replaced) {
    const auto values = settings_.plugin_configuration.find(found.note.id);
    auto made = instance::load(
        found.file, found.note, found.bytes,
        values == settings_.plugin_configuration.end() ? plugin::configuration{} : values->second,
        around_);
    if (!made) {
        observe::log(level::error, made.error().line());
        return false;
    }
    if (replaced != nullptr && replaced->id() == found.note.id) {
        plugin::hand_over(*replaced, **made);
    }
    if (const auto error = (*made)->start()) {
        observe::log(level::error, error->line());
        return false;
    }
    std::erase(removed_, replaced);
    joining_.push_back({&fleet_.adopt(std::move(*made)), replaced});
    return true;
}

std::vector<instance*> rollout::next_serving() const {
    std::vector<instance*> next;
    for (auto* const each : fleet_.serving()) {
        const bool is_replaced =
            std::ranges::any_of(joining_, [&](const auto& one) { return one.replaced == each; });
        if (!is_replaced && !contains(removed_, each)) {
            next.push_back(each);
        }
    }
    for (const auto& each : joining_) { // the last ones: they are refused where two cannot be
        next.push_back(each.next);
    }
    return next;
}

// Proposes what is left once one of those that join cannot, and is gone from where it has entered.
void rollout::refuse(const load_error& why) {
    observe::log(level::error, why.line());
    const auto refused = std::ranges::find_if(
        joining_, [&](const auto& each) { return each.next->file() == why.file; });
    instance& leaving = *refused->next;
    joining_.erase(refused);
    leaving.quiesce();
    visit(
        workers_, control_, [&leaving](worker& on) { on.leave(leaving); },
        [this, &leaving] {
            visit(
                workers_, control_, [](worker&) {},
                [this, &leaving] {
                    fleet_.release(leaving);
                    propose();
                });
        });
}

void rollout::propose() {
    if (joining_.empty() && removed_.empty()) {
        return finish();
    }
    const auto next = next_serving();
    if (!is_sound(next)) {
        removed_.clear();
        while (!joining_.empty()) {
            fleet_.release(*joining_.back().next);
            joining_.pop_back();
        }
        return finish();
    }
    auto made = fleet_.compile(next);
    if (!made) {
        return refuse(made.error());
    }
    proposed_ = std::move(*made);
    enter();
}

// Without a plugin, or without a filter that was asked for, nothing may be served.
bool rollout::is_sound(std::span<instance* const> serving) {
    if (serving.empty()) {
        observe::log(level::error, "no plugin would be left in service: nothing is changed");
        return false;
    }
    if (const auto missing = fleet_.missing_filter(serving)) {
        observe::log(level::error, "no plugin would have the filter \"" + *missing +
                                       "\", which --filters names: nothing is changed");
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
                log_in_service(*each.next, each.replaced);
                if (each.replaced != nullptr) {
                    removed_.push_back(each.replaced);
                }
            }
            auto serving = next_serving();
            retirement_.add(fleet_.replace(std::move(proposed_), std::move(serving)), *last);
            for (auto* const each : removed_) {
                retirement_.add(*each, *last);
            }
            joining_.clear();
            removed_.clear();
            finish();
        });
}

void log_in_service(const instance& serving, const instance* replaced) {
    std::string routes;
    for (const auto& handler : serving.handlers()) {
        const auto& route = handler->route();
        routes += (routes.empty() ? "" : ", ") + route.method + " " + route.host + route.pattern;
    }
    std::string filters;
    for (const auto& filter : serving.filters()) {
        filters += (filters.empty() ? "" : ", ") + filter->name();
    }
    std::vector<observe::log_field> fields{{"id", serving.id()},
                                           {"version", serving.version()},
                                           {"file", serving.file().native()},
                                           {"routes", routes}};
    if (!filters.empty()) {
        fields.push_back({"filters", filters});
    }
    if (replaced != nullptr) {
        fields.push_back({"replaces", replaced->version()});
    }
    observe::log(level::info, "plugin loaded", fields);
}

void rollout::finish() {
    is_under_way_ = false;
    if (std::exchange(is_asked_again_, false)) {
        begin();
    }
}

} // namespace mortise::server
