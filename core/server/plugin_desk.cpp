// SPDX-License-Identifier: BSL-1.0
// Rows of the table, and what they do.
#include "server/plugin_desk.hpp"

#include "observe/log.hpp"
#include "server/fleet.hpp"
#include "server/plugin_json.hpp"
#include "server/retirement.hpp"
#include "server/rollout.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <utility>

namespace mortise::server {

namespace {

namespace json = boost::json;
using admin::answer;
using plugin::admission;

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

std::vector<admin::endpoint> plugin_desk::endpoints() {
    using admin::replier;
    using id = const std::string&;
    return {
        {"GET", "/plugins", [this](id, const replier& reply) { reply(list()); }},
        {"GET", "/plugins/{id}", [this](id of, const replier& reply) { reply(show(of)); }},
        {"GET", "/routes", [this](id, const replier& reply) { reply(list_routes()); }},
        {"POST", "/plugins/reload", [this](id, replier reply) { reload(std::move(reply)); }},
        {"POST", "/plugins/{id}/rollback",
         [this](id of, replier reply) { roll_back(of, std::move(reply)); }},
        {"POST", "/plugins/{id}/disable",
         [this](id of, const replier& reply) { reply(admit(of, false)); }},
        {"POST", "/plugins/{id}/enable",
         [this](id of, const replier& reply) { reply(admit(of, true)); }},
    };
}

answer plugin_desk::list() const {
    json::array serving;
    for (const auto* each : fleet_.serving()) {
        serving.push_back(details_of(*each, fleet_.composed()));
    }
    json::array leaving;
    for (const auto& each : retirement_.list()) {
        leaving.push_back(details_of(each, fleet_.composed()));
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
    auto object = details_of(*found, fleet_.composed());
    object["can_roll_back"] = rollout_.can_roll_back(id);
    json::array leaving;
    for (const auto& each : retirement_.list()) {
        if (each.of.id() == id) {
            leaving.push_back(details_of(each, fleet_.composed()));
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

answer plugin_desk::list_routes() const {
    json::array routes;
    for (const auto* each : fleet_.serving()) {
        for (const auto& handler : each->handlers()) {
            for (const auto& route : fleet_.composed().placed(each->id(), handler->route())) {
                routes.push_back({{"method", route.method},
                                  {"host", route.host},
                                  {"pattern", route.pattern},
                                  {"plugin", each->id()},
                                  {"version", each->version()}});
            }
        }
    }
    return {200, {{"routes", std::move(routes)}}};
}

void plugin_desk::reload(admin::replier reply) {
    rollout_.begin(rollout::occasion::asked,
                   [reply = std::move(reply)](const auto& came_to) { reply(to_answer(came_to)); });
}

void plugin_desk::roll_back(const std::string& id, admin::replier reply) {
    if (find(fleet_, id) == nullptr) {
        return reply(no_such_plugin(id));
    }
    rollout_.roll_back(id, [reply](const auto& came_to) { reply(to_answer(came_to)); });
}

} // namespace mortise::server
