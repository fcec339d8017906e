// SPDX-License-Identifier: BSL-1.0
// Health, status, metrics and faults.
#include "server/admin_desk.hpp"

#include "config/show.hpp"
#include "observe/log.hpp"
#include "server/fleet.hpp"
#include "server/host_state.hpp"
#include "server/listeners.hpp"
#include "server/plugin_json.hpp"
#include "server/records.hpp"

#include <boost/json/array.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <sstream>
#include <string>
#include <unistd.h>
#include <utility>

namespace mortise::server {

namespace {

namespace json = boost::json;
using admin::answer;

// "2026-11-25T01:34:31.115Z"
std::string time_text(std::chrono::system_clock::time_point time) {
    const auto since = std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch());
    const std::time_t seconds = since.count() / 1000;
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    std::array<char, 32> room;
    const auto size = std::strftime(room.data(), room.size(), "%Y-%m-%dT%H:%M:%S", &parts);
    const std::string milliseconds = std::to_string(since.count() % 1000 + 1000).substr(1);
    return std::string{room.data(), size} + "." + milliseconds + "Z";
}

std::int64_t milliseconds_of(std::chrono::steady_clock::duration time) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
}

json::value of_drain(const host_state& state) {
    const auto& drain = state.draining();
    if (!drain) {
        return nullptr;
    }
    return {{"elapsed_ms", milliseconds_of(std::chrono::steady_clock::now() - drain->since)},
            {"longest_ms", milliseconds_of(drain->longest)}};
}

json::value of_last_change(const host_state& state) {
    const auto& change = state.last_change();
    if (!change) {
        return nullptr;
    }
    return {{"time", time_text(change->at)},
            {"cause", change->why == rollout::occasion::asked ? "asked" : "seen"},
            {"changes", array_of(change->came_to.changes)},
            {"faults", array_of(change->came_to.faults)}};
}

json::array of_listeners(const listeners& open) {
    json::array made;
    for (const auto& each : open.all()) {
        made.emplace_back(each.url);
    }
    return made;
}

json::array of_loops(const roll_call::reports& loops) {
    json::array made;
    for (std::size_t loop = 0; loop < loops.size(); ++loop) {
        const auto& said = loops[loop];
        made.push_back({{"loop", loop},
                        {"answers", said.has_value()},
                        {"connections", said ? json::value(said->connections) : nullptr},
                        {"requests", said ? json::value(said->requests) : nullptr}});
    }
    return made;
}

// The plugin stands for itself, where the line names one.
json::object of_line(const observe::error_line& line) {
    json::object fields;
    json::value plugin = nullptr;
    for (const auto& [key, value] : line.fields) {
        (key == "plugin" ? plugin : fields[key]) = value;
    }
    return {{"time", time_text(line.time)},
            {"plugin", std::move(plugin)},
            {"text", line.text},
            {"fields", std::move(fields)}};
}

answer list_faults() {
    json::array faults;
    for (const auto& line : observe::last_errors()) {
        faults.push_back(of_line(line));
    }
    return {200, {{"faults", std::move(faults)}}};
}

answer judge_health(const roll_call::reports& loops) {
    std::string names;
    json::array silent;
    for (std::size_t loop = 0; loop < loops.size(); ++loop) {
        if (!loops[loop]) {
            names += (names.empty() ? "" : ", ") + std::to_string(loop);
            silent.emplace_back(loop);
        }
    }
    if (silent.empty()) {
        return {200, {{"status", "alive"}}};
    }
    auto sick = admin::failure(503, "loops that do not answer: " + names,
                               "see the log for the plugin that holds them");
    sick.content["silent"] = std::move(silent);
    return sick;
}

} // namespace

std::vector<admin::endpoint> admin_desk::endpoints() {
    using admin::replier;
    using id = const std::string&;
    return {
        {"GET", "/healthz", [this](id, replier reply) { tell_health(std::move(reply)); }},
        {"GET", "/readyz", [this](id, const replier& reply) { reply(tell_readiness()); }},
        {"GET", "/status", [this](id, replier reply) { tell_status(std::move(reply)); }},
        {"GET", "/metrics", [this](id, const replier& reply) { reply(tell_metrics()); }},
        {"GET", "/configuration",
         [this](id, const replier& reply) { reply(tell_configuration()); }},
        {"POST", "/reload", [this](id, replier reply) { reload(std::move(reply)); }},
        {"POST", "/upgrade", [this](id, replier reply) { upgrade(std::move(reply)); }},
        {"GET", "/faults", [](id, const replier& reply) { reply(list_faults()); }},
    };
}

void admin_desk::tell_health(admin::replier reply) {
    roll_call_.ask([reply = std::move(reply)](const auto& loops) { reply(judge_health(loops)); });
}

answer admin_desk::tell_readiness() const {
    if (about_.state.draining()) {
        return admin::failure(503, "the host is draining", "send requests to another one");
    }
    return {200, {{"status", "ready"}}};
}

void admin_desk::tell_status(admin::replier reply) {
    roll_call_.ask([this, reply = std::move(reply)](const auto& loops) {
        reply({200, status(loops)});
    });
}

answer admin_desk::tell_metrics() const {
    return {.content = {},
            .other = admin::text{"text/plain; version=0.0.4; charset=utf-8",
                                 about_.kept.metrics_text(about_.plugins, about_.workers)}};
}

answer admin_desk::tell_configuration() const {
    return {.content = {},
            .other =
                admin::text{"application/toml", config::show(about_.configured, about_.first)}};
}

void admin_desk::reload(admin::replier reply) {
    about_.reload([reply = std::move(reply)](const auto& came_to) { reply(to_answer(came_to)); });
}

void admin_desk::upgrade(admin::replier reply) {
    about_.upgrade([reply = std::move(reply)](const auto& came_to) {
        if (came_to.fault.empty()) {
            return reply({200, {{"pid", came_to.process}}});
        }
        auto failed = admin::failure(409, "the new host does not serve",
                                     "mend what it says; this one serves on, unchanged");
        json::array faults;
        std::string line;
        for (std::istringstream lines{came_to.fault}; std::getline(lines, line);) {
            faults.emplace_back(line);
        }
        failed.content["faults"] = std::move(faults);
        reply(std::move(failed));
    });
}

json::object admin_desk::status(const roll_call::reports& loops) const {
    const auto& state = about_.state;
    json::array plugins;
    for (const auto* each : about_.plugins.serving()) {
        plugins.push_back(summary_of(*each));
    }
    json::array leaving;
    for (const auto& each : about_.leaving.list()) {
        leaving.push_back(summary_of(each));
    }
    return {{"state", state.draining() ? "draining" : "serving"},
            {"version", MORTISE_VERSION},
            {"pid", ::getpid()},
            {"started", time_text(state.started())},
            {"uptime_ms", milliseconds_of(state.uptime())},
            {"listeners", of_listeners(about_.listeners)},
            {"drain", of_drain(state)},
            {"loops", of_loops(loops)},
            {"plugins", std::move(plugins)},
            {"leaving", std::move(leaving)},
            {"changes", state.changes()},
            {"last_change", of_last_change(state)}};
}

} // namespace mortise::server
