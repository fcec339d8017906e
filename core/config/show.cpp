// SPDX-License-Identifier: BSL-1.0
// A line for each value, under its table.
#include "config/show.hpp"

#include "config/keys.hpp"
#include "config/secret.hpp"

#include <algorithm>
#include <set>
#include <string_view>

namespace mortise::config {

namespace {

class writer {
public:
    writer(const configured& of, const configured& first) : of_{of}, first_{first} {}

    std::string write();

private:
    void begin(const std::string& table) { text_ += (text_.empty() ? "[" : "\n[") + table + "]\n"; }
    void add(const std::string& key, const std::string& full, std::string value);
    void add_unset(const std::string& key, const std::string& unset) {
        text_ += "# " + key + ": " + unset + " (default)\n";
    }
    void add_key(const std::string& name, const key<settings>& as);
    template <class Target>
    void add_all(std::span<const key<Target>> as, const std::string& table, const Target& of);
    void add_plugin(const std::string& id);
    void add_limits(const std::string& id, const std::string& table);

    const configured& of_;
    const configured& first_; // holds of what takes a restart
    std::string text_;
};

// The value, or that it is hidden.
std::string legible(const configured& in, const std::string& full, std::string value) {
    const auto found = in.from.find(full);
    return found != in.from.end() && found->second.is_hidden ? toml_text(hidden_text) : value;
}

std::string place_of(const configured& in, const std::string& full) {
    const auto found = in.from.find(full);
    return found != in.from.end() ? found->second.at.text() : "default";
}

void writer::add(const std::string& key, const std::string& full, std::string value) {
    text_ +=
        key + " = " + legible(of_, full, std::move(value)) + " # " + place_of(of_, full) + '\n';
}

void writer::add_key(const std::string& name, const key<settings>& as) {
    const auto shown = [&as](const configured& in) {
        const auto value = as.show(in.chosen);
        return legible(in, as.name, value);
    };
    const bool waits = as.is_fixed && as.show(of_.chosen) != as.show(first_.chosen);
    const auto& holding = waits ? first_ : of_;
    std::string remark;
    if (waits) {
        const auto next = shown(of_);
        remark = "; " + (next.empty() ? as.unset : next) + " after a restart";
    }
    if (as.show(holding.chosen).empty()) {
        text_ += "# " + name + ": " + as.unset + " (default)" + remark + '\n';
    } else {
        text_ += name + " = " + shown(holding) + " # " + place_of(holding, as.name) + remark + '\n';
    }
}

template <class Target>
void writer::add_all(std::span<const key<Target>> as, const std::string& table, const Target& of) {
    for (const auto& each : as) {
        const auto value = each.show(of);
        const std::string full = table + "." + each.name;
        if (value.empty()) {
            add_unset(each.name, each.unset);
        } else {
            add(each.name, full, value);
        }
    }
}

std::string writer::write() {
    for (const auto& table : tables()) {
        begin(table.name);
        for (const auto& each : keys()) {
            if (each.name.starts_with(table.name + ".")) {
                add_key(each.name.substr(table.name.size() + 1), each);
            }
        }
    }
    add_limits("*", "plugins.limits");
    for (std::size_t at = 0; at < of_.chosen.listeners.size(); ++at) {
        text_ += "\n[[listener]]\n";
        add_all(listener_keys(), "listener." + std::to_string(at + 1), of_.chosen.listeners[at]);
    }
    for (const auto& [name, section] : of_.hosts) {
        begin("virtual_host." + name);
        add_all(virtual_host_keys(), "virtual_host." + name, section);
    }
    std::set<std::string> ids;
    for (const auto& [id, section] : of_.plugins) {
        ids.insert(id);
    }
    for (const auto& [id, values] : of_.chosen.plugin_configuration) {
        ids.insert(id);
    }
    for (const auto& [id, limits] : of_.chosen.plugin_limits) {
        ids.insert(id);
    }
    ids.erase("*");
    std::ranges::for_each(ids, [this](const auto& id) { add_plugin(id); });
    return std::move(text_);
}

void writer::add_plugin(const std::string& id) {
    const std::string table = "plugin." + id;
    begin(table);
    const auto section = of_.plugins.find(id);
    add_all(plugin_keys(), table,
            section != of_.plugins.end() ? section->second : plugin_section{});
    if (const auto values = of_.chosen.plugin_configuration.find(id);
        values != of_.chosen.plugin_configuration.end()) {
        begin(table + ".config");
        for (const auto& [key, value] : values->second) {
            add(toml_text(key), table + ".config." + key,
                toml_text(sounds_secret(key) || holds_password(value) ? hidden_text : value));
        }
    }
    add_limits(id, table + ".limits");
}

void writer::add_limits(const std::string& id, const std::string& table) {
    const auto limits = of_.chosen.plugin_limits.find(id);
    if (limits != of_.chosen.plugin_limits.end()) {
        begin(table);
        add_all(limit_keys(), table, limits->second);
    }
}

} // namespace

std::string show(const configured& of) {
    return show(of, of);
}

std::string show(const configured& of, const configured& first) {
    return writer{of, first}.write();
}

} // namespace mortise::config
