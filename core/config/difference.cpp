// SPDX-License-Identifier: BSL-1.0
// Comparing values as they would be shown, table by table.
#include "config/difference.hpp"

#include "config/keys.hpp"
#include "config/secret.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <string_view>
#include <utility>

namespace mortise::config {

namespace {

constexpr const char* every_plugin = "*"; // in the table of limits

// As a file would have it.
std::string key_text_of(const std::string& name) {
    constexpr std::string_view bare =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    return !name.empty() && name.find_first_not_of(bare) == name.npos ? name : toml_text(name);
}

template <class Map>
const typename Map::mapped_type* find(const Map& in, const std::string& name) {
    const auto found = in.find(name);
    return found != in.end() ? &found->second : nullptr;
}

std::set<std::string> plugins_of(const configured& of) {
    std::set<std::string> ids;
    const auto add = [&ids](const auto& table) {
        for (const auto& [id, value] : table) {
            ids.insert(id);
        }
    };
    add(of.plugins);
    add(of.chosen.plugin_configuration);
    add(of.chosen.plugin_limits);
    ids.erase(every_plugin);
    return ids;
}

class comparison {
public:
    comparison(const configured& before, const configured& after)
        : before_{before}, after_{after} {}

    std::vector<std::string> make();

private:
    template <class Target>
    void compare(const key<Target>& each, const std::string& full, const std::string& called,
                 const Target& before, const Target& after);
    template <class Target>
    void compare_all(std::span<const key<Target>> as, const std::string& table,
                     const Target& before, const Target& after) {
        for (const auto& each : as) {
            compare(each, table + "." + each.name, table + "." + each.name, before, after);
        }
    }
    void compare_listeners();
    void compare_hosts();
    void compare_plugins();
    void compare_values(const std::string& id);
    void compare_limits(const std::string& id, const std::string& table);
    bool is_hidden(const std::string& full) const {
        const auto found = after_.from.find(full);
        return found != after_.from.end() && found->second.is_hidden;
    }
    void add_gone(const std::string& table) { lines_.push_back(table + " is configured no more"); }

    const configured& before_;
    const configured& after_;
    std::vector<std::string> lines_;
};

template <class Target>
void comparison::compare(const key<Target>& each, const std::string& full,
                         const std::string& called, const Target& before, const Target& after) {
    const auto value = each.show(after);
    if (value == each.show(before)) {
        return;
    }
    if (value.empty()) {
        lines_.push_back(called + " has its default now: " + each.unset);
    } else if (is_hidden(full)) {
        lines_.push_back(called + " has another value now");
    } else {
        lines_.push_back(called + " is " + value + " now");
    }
}

std::vector<std::string> comparison::make() {
    for (const auto& each : keys()) {
        if (!each.is_fixed) {
            compare(each, each.name, each.name, before_.chosen, after_.chosen);
        }
    }
    if (before_.chosen.admin_token != after_.chosen.admin_token) {
        lines_.emplace_back("another admin token holds now");
    }
    compare_limits(every_plugin, "plugins.limits");
    compare_listeners();
    compare_hosts();
    compare_plugins();
    return std::move(lines_);
}

// A listener is known by its address.
void comparison::compare_listeners() {
    auto there = before_.chosen.listeners;
    for (std::size_t at = 0; at < after_.chosen.listeners.size(); ++at) {
        const auto& next = after_.chosen.listeners[at];
        const auto known = std::ranges::find(there, next.address, &net::listener_settings::address);
        if (known == there.end()) {
            continue;
        }
        for (const auto& each : listener_keys()) {
            if (each.name != "mode") {
                compare(each, "listener." + std::to_string(at + 1) + "." + each.name,
                        each.name + " of " + next.address, *known, next);
            }
        }
        there.erase(known);
    }
}

void comparison::compare_hosts() {
    for (const auto& [name, section] : before_.hosts) {
        if (!after_.hosts.contains(name)) {
            add_gone("virtual_host." + name);
        }
    }
    for (const auto& [name, section] : after_.hosts) {
        const auto* const known = find(before_.hosts, name);
        compare_all(virtual_host_keys(), "virtual_host." + name,
                    known != nullptr ? *known : virtual_host_section{}, section);
    }
}

void comparison::compare_plugins() {
    const auto ids = plugins_of(after_);
    for (const auto& id : plugins_of(before_)) {
        if (!ids.contains(id)) {
            add_gone("plugin." + id);
        }
    }
    for (const auto& id : ids) {
        const auto* const known = find(before_.plugins, id);
        const auto* const next = find(after_.plugins, id);
        compare_all(plugin_keys(), "plugin." + id, known != nullptr ? *known : plugin_section{},
                    next != nullptr ? *next : plugin_section{});
        compare_values(id);
        compare_limits(id, "plugin." + id + ".limits");
    }
}

void comparison::compare_values(const std::string& id) {
    const std::map<std::string, std::string> none;
    const auto* const known = find(before_.chosen.plugin_configuration, id);
    const auto* const next = find(after_.chosen.plugin_configuration, id);
    const auto& before = known != nullptr ? *known : none;
    const auto& after = next != nullptr ? *next : none;
    const std::string table = "plugin." + id + ".config.";
    for (const auto& [name, value] : before) {
        if (!after.contains(name)) {
            lines_.push_back(table + key_text_of(name) + " is left out now");
        }
    }
    for (const auto& [name, value] : after) {
        const auto* const old = find(before, name);
        if (old != nullptr && *old == value) {
            continue;
        }
        const bool is_secret =
            sounds_secret(name) || holds_password(value) || is_hidden(table + name);
        lines_.push_back(
            table + key_text_of(name) +
            (is_secret ? " has another value now" : " is " + toml_text(value) + " now"));
    }
}

// A table that has every default is still one: it stands in the place of that for all plugins.
void comparison::compare_limits(const std::string& id, const std::string& table) {
    const auto* const known = find(before_.chosen.plugin_limits, id);
    const auto* const next = find(after_.chosen.plugin_limits, id);
    if (next == nullptr) {
        return known != nullptr ? add_gone(table) : void();
    }
    const auto count = lines_.size();
    compare_all(limit_keys(), table, known != nullptr ? *known : plugin::limits{}, *next);
    if (known == nullptr && lines_.size() == count) {
        lines_.push_back(table + " is configured now");
    }
}

} // namespace

std::vector<std::string> differences(const configured& before, const configured& after) {
    return comparison{before, after}.make();
}

} // namespace mortise::config
