// SPDX-License-Identifier: BSL-1.0
// Plugins as JSON, and commands about them.
#include "server/plugin_desk.hpp"

#include "observe/log.hpp"
#include "server/fleet.hpp"
#include "server/retirement.hpp"
#include "server/rollout.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace mortise::server {

namespace {

namespace json = boost::json;
using admin::answer;
using plugin::admission;

std::string_view name_of(admission state) {
    switch (state) {
    case admission::quarantined:
        return "quarantined";
    case admission::disabled:
        return "disabled";
    case admission::open:
        break;
    }
    return "serving";
}

json::object about(const plugin::instance& one, std::string_view state) {
    json::array routes;
    for (const auto& handler : one.handlers()) {
        const auto& route = handler->route();
        routes.emplace_back(route.method + " " + route.host + route.pattern);
    }
    json::array filters;
    for (const auto& filter : one.filters()) {
        filters.emplace_back(filter->name());
    }
    return {{"id", one.id()},
            {"version", one.version()},
            {"generation", one.generation()},
            {"state", state},
            {"file", one.file().native()},
            {"routes", std::move(routes)},
            {"filters", std::move(filters)}};
}

json::object about(const retirement::departure& one) {
    auto object = about(one.of, one.state);
    object["exchanges"] = one.left.exchanges;
    object["operations"] = one.left.operations;
    object["responses"] = one.left.pins;
    json::array holds;
    for (const auto& reason : one.of.holds()) {
        holds.emplace_back(reason);
    }
    object["held"] = std::move(holds);
    return object;
}

json::array texts(const std::vector<std::string>& lines) {
    json::array made;
    for (const auto& line : lines) {
        made.emplace_back(line);
    }
    return made;
}

answer no_such_plugin(const std::string& id) {
    return admin::failure(404, "no plugin \"" + id + "\" is in service",
                          "see `mortise plugin list`");
}

plugin::instance* find(const fleet& plugins, const std::string& id) {
    const auto serving = plugins.serving();
    const auto found =
        std::ranges::find_if(serving, [&](const auto* each) { return each->id() == id; });
    return found != serving.end() ? *found : nullptr;
}

} // namespace

answer to_answer(const rollout::outcome& came_to) {
    if (came_to.faults.empty()) {
        return {200, {{"changes", texts(came_to.changes)}}};
    }
    auto refused = admin::failure(409, "not everything could be changed", "see the faults");
    refused.content["changes"] = texts(came_to.changes);
    refused.content["faults"] = texts(came_to.faults);
    return refused;
}

void plugin_desk::obey(const admin::command& asked, admin::replier reply) {
    const auto& [method, target] = asked;
    constexpr std::string_view all = "/plugins";
    if (!target.starts_with(all) || (target.size() > all.size() && target[all.size()] != '/')) {
        return reply(admin::failure(404, "there is no " + target, "ask for /plugins"));
    }
    const std::string rest = target.substr(std::min(all.size() + 1, target.size()));
    const auto slash = rest.find('/');
    const std::string id = rest.substr(0, slash);
    const std::string verb = slash != rest.npos ? rest.substr(slash + 1) : std::string{};
    const bool is_post = method == "POST";
    if (method == "GET" && verb.empty()) {
        return reply(id.empty() ? list() : show(id));
    }
    if (is_post && id == "reload" && verb.empty()) {
        return rollout_.begin(rollout::occasion::asked,
                              [reply](const auto& came_to) { reply(to_answer(came_to)); });
    }
    if (is_post && verb == "rollback") {
        return roll_back(id, std::move(reply));
    }
    if (is_post && (verb == "disable" || verb == "enable")) {
        return reply(admit(id, verb == "enable"));
    }
    reply(admin::failure(405, method + " " + target + " is no command",
                         "what changes something is a POST; see `mortise plugin --help`"));
}

answer plugin_desk::list() const {
    json::array serving;
    for (const auto* each : fleet_.serving()) {
        serving.push_back(about(*each, name_of(each->admits())));
    }
    json::array leaving;
    for (const auto& each : retirement_.list()) {
        leaving.push_back(about(each));
    }
    return {200,
            {{"plugins", std::move(serving)},
             {"leaving", std::move(leaving)},
             {"kept_mapped", plugin::library::kept()}}};
}

answer plugin_desk::show(const std::string& id) const {
    const auto* const found = find(fleet_, id);
    if (found == nullptr) {
        return no_such_plugin(id);
    }
    auto object = about(*found, name_of(found->admits()));
    object["can_roll_back"] = rollout_.can_roll_back(id);
    json::array leaving;
    for (const auto& each : retirement_.list()) {
        if (each.of.id() == id) {
            leaving.push_back(about(each));
        }
    }
    object["leaving"] = std::move(leaving);
    return {200, std::move(object)};
}

answer plugin_desk::admit(const std::string& id, bool is_open) {
    auto* const found = find(fleet_, id);
    if (found == nullptr) {
        return no_such_plugin(id);
    }
    found->set_admission(is_open ? admission::open : admission::disabled);
    observe::log(observe::level::info, is_open ? "plugin enabled" : "plugin disabled",
                 {{"plugin", id}});
    return show(id);
}

void plugin_desk::roll_back(const std::string& id, admin::replier reply) {
    if (find(fleet_, id) == nullptr) {
        return reply(no_such_plugin(id));
    }
    rollout_.roll_back(id, [reply](const auto& came_to) { reply(to_answer(came_to)); });
}

} // namespace mortise::server
