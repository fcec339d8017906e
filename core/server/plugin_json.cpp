// SPDX-License-Identifier: BSL-1.0
// Members in the order in which people read them.
#include "server/plugin_json.hpp"

#include "plugin/instance.hpp"

#include <string_view>
#include <utility>

namespace mortise::server {

namespace {

namespace json = boost::json;

std::string_view name_of(plugin::admission state) {
    switch (state) {
    case plugin::admission::quarantined:
        return "quarantined";
    case plugin::admission::disabled:
        return "disabled";
    case plugin::admission::open:
        break;
    }
    return "serving";
}

json::object summary(const plugin::instance& one, std::string_view state) {
    return {{"id", one.id()},
            {"version", one.version()},
            {"generation", one.generation()},
            {"state", state}};
}

void add_details(const plugin::instance& one, const composition& by, json::object& to) {
    json::array routes;
    for (const auto& handler : one.handlers()) {
        for (const auto& route : by.placed(one.id(), handler->route())) {
            routes.emplace_back(route.method + " " + route.host + route.pattern);
        }
    }
    json::array filters;
    for (const auto& filter : one.filters()) {
        filters.emplace_back(filter->name());
    }
    to["file"] = one.file().native();
    to["routes"] = std::move(routes);
    to["filters"] = std::move(filters);
}

} // namespace

json::object summary_of(const plugin::instance& one) {
    return summary(one, name_of(one.admits()));
}

json::object summary_of(const retirement::departure& one) {
    return summary(one.of, one.state);
}

json::object details_of(const plugin::instance& one, const composition& by) {
    auto object = summary_of(one);
    add_details(one, by, object);
    return object;
}

json::object details_of(const retirement::departure& one, const composition& by) {
    auto object = summary_of(one);
    add_details(one.of, by, object);
    object["exchanges"] = one.left.exchanges;
    object["operations"] = one.left.operations;
    object["responses"] = one.left.pins;
    object["held"] = array_of(one.of.holds());
    return object;
}

admin::answer to_answer(const rollout::outcome& came_to) {
    if (came_to.faults.empty()) {
        return {200, {{"changes", array_of(came_to.changes)}}};
    }
    auto refused = admin::failure(409, "not everything could be changed", "see the faults");
    refused.content["changes"] = array_of(came_to.changes);
    refused.content["faults"] = array_of(came_to.faults);
    return refused;
}

json::array array_of(const std::vector<std::string>& texts) {
    json::array made;
    for (const auto& text : texts) {
        made.emplace_back(text);
    }
    return made;
}

} // namespace mortise::server
