// SPDX-License-Identifier: BSL-1.0
// From settings to loops that could serve.
#include "observe/log.hpp"
#include "plugin/private_directory.hpp"
#include "server/directory_look.hpp"
#include "server/host.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace mortise::server {

using observe::level;

bool host::start() {
    if (!predecessor_.fault().empty()) {
        observe::log(level::error, predecessor_.fault());
        return false;
    }
    if (const auto fault = administration_.open(settings_, predecessor_.sockets());
        !fault.empty()) {
        observe::log(level::error, fault);
        return false;
    }
    if (!records_.open_access_log() || !load() || !listen()) {
        return false;
    }
    enter();
    disable_as_before();
    if (fleet_->instances().empty()) {
        observe::log(level::error, "no plugin is left to serve; mend one of those above");
    } else if (has_filters() && may_take_over()) {
        return true;
    }
    leave();
    return false;
}

// In the place of another host all or nothing: what that one serves, this one is to serve too.
bool host::may_take_over() const {
    return !predecessor_ || fleet_->errors().empty();
}

bool host::load() {
    if (settings_.watch_plugins) {
        watch_folders();
    }
    if (const auto left = plugin::private_directory::remove_left_behind(); left != 0) {
        observe::log(level::warning, "copies of plugins were removed, which a killed host has left",
                     {{"count", std::to_string(left)}});
    }
    const auto files = files_of(settings_);
    if (!files) {
        observe::log(level::error, files.error().line());
        return false;
    }
    auto loaded = plugin::catalogue::load(*files, settings_.plugin_configuration, around(),
                                          [this](const auto& found) { return try_plugin(found); });
    for (const auto& id :
         unclaimed(settings_, [&](const auto& each) { return loaded.has_found(each); })) {
        observe::log(level::error, unclaimed_line(id));
    }
    fleet_.emplace(std::move(loaded), composition{settings_}, records_.requests());
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

bool host::listen() {
    const auto opened = listeners_.open(settings_.listeners, predecessor_.sockets(), crew_.size());
    if (!opened) {
        observe::log(level::error, refusal_line(configured_, opened.error()));
    }
    predecessor_.leave_sockets();
    return opened.has_value();
}

void host::enter() {
    const auto http = http_settings(settings_);
    const auto dropped = crew_.enter(*fleet_, {.http = http,
                                               .max_connections = settings_.max_connections,
                                               .access_log = records_.access_log(),
                                               .metrics = records_.requests()});
    for (const auto& error : dropped) {
        observe::log(level::error, error.line());
    }
}

} // namespace mortise::server
