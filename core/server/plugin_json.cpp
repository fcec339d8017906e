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

void add_details(const plugin::instance& one, json::object& to) {
    json::array routes;
    for (const auto& handler : one.handlers()) {
        const auto& route = handler->route();
        routes.emplace_back(route.method + " " + route.host + route.pattern);
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

json::object details_of(const plugin::instance& one) {
    auto object = summary_of(one);
    add_details(one, object);
    return object;
}

json::object details_of(const retirement::departure& one) {
    auto object = summary_of(one);
    add_details(one.of, object);
    object["exchanges"] = one.left.exchanges;
    object["operations"] = one.left.operations;
    object["responses"] = one.left.pins;
    object["held"] = array_of(one.of.holds());
    return object;
}

json::array array_of(const std::vector<std::string>& texts) {
    json::array made;
    for (const auto& text : texts) {
        made.emplace_back(text);
    }
    return made;
}

} // namespace mortise::server
