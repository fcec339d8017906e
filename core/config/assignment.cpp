// SPDX-License-Identifier: BSL-1.0
// PLUGIN.KEY=VALUE.
#include "config/assignment.hpp"

#include "config/keys.hpp"

#include <algorithm>
#include <utility>

namespace mortise::config {

namespace {

// `told` is its name for people.
std::string add(assignment made, std::string_view told, std::vector<assignment>& to) {
    if (std::ranges::find(to, made.name, &assignment::name) != to.end()) {
        return "\"" + std::string{told} + "\" is set twice; set it once";
    }
    to.push_back(std::move(made));
    return {};
}

} // namespace

std::string add_plugin_value(std::string_view text, std::vector<assignment>& to) {
    const auto equals = text.find('=');
    const auto dot = text.substr(0, equals).find('.');
    if (equals == text.npos || dot == text.npos || dot == 0 || dot + 1 == equals) {
        return "\"" + std::string{text} + "\" is not PLUGIN.KEY=VALUE, like greeting.salutation=Hi";
    }
    const std::string id{text.substr(0, dot)};
    const std::string key{text.substr(dot + 1, equals - dot - 1)};
    return add({"plugin." + id + ".config." + key, {std::string{text.substr(equals + 1)}}, "--set"},
               text.substr(0, equals), to);
}

std::string add_plugin_limit(std::string_view text, std::vector<assignment>& to) {
    const auto equals = std::min(text.find('='), text.size());
    const auto told = text.substr(0, equals);
    const auto dot = told.rfind('.');
    if (equals == text.size() || dot == told.npos || dot == 0) {
        return "\"" + std::string{text} + "\" is not PLUGIN.LIMIT=VALUE, like prices.requests=100";
    }
    const std::string id{told.substr(0, dot)};
    const std::string limit{told.substr(dot + 1)};
    const std::vector<std::string> value{std::string{text.substr(equals + 1)}};
    const auto known = std::ranges::find(limit_keys(), limit, &key<plugin::limits>::name);
    if (known == limit_keys().end()) {
        std::string names;
        for (const auto& each : limit_keys()) {
            names += (names.empty() ? "" : ", ") + each.name;
        }
        return "\"" + limit + "\" is no limit of a plugin; there are " + names;
    }
    plugin::limits judged;
    if (auto bad = known->read(judged, value); !bad.empty()) {
        return std::string{told} + ": " + bad;
    }
    return add({(id == "*" ? "plugins" : "plugin." + id) + ".limits." + limit, value, "--limit"},
               told, to);
}

std::map<std::string, std::map<std::string, std::string>>
plugin_values(std::span<const assignment> of) {
    constexpr std::string_view config = ".config.";
    std::map<std::string, std::map<std::string, std::string>> values;
    for (const auto& each : of) {
        const auto at = each.name.find(config);
        const auto id = each.name.substr(std::string_view{"plugin."}.size(),
                                         at - std::string_view{"plugin."}.size());
        values[id][each.name.substr(at + config.size())] = each.texts.front();
    }
    return values;
}

std::vector<std::string> split_names(std::string_view text) {
    std::vector<std::string> names;
    for (std::size_t at = 0; at <= text.size();) {
        const auto end = std::min(text.find(',', at), text.size());
        names.emplace_back(text.substr(at, end - at));
        at = end + 1;
    }
    return names;
}

} // namespace mortise::config
