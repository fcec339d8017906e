// SPDX-License-Identifier: BSL-1.0
// What a command line says of keys.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mortise::config {

// It stands before what files say.
struct assignment {
    std::string name; // "limits.target_size", "plugin.greeting.config.salutation"
    std::vector<std::string> texts;
    std::string flag; // "--max-target-size"
};

// Adds "PLUGIN.KEY=VALUE" of --set, or "PLUGIN.LIMIT=VALUE" of --limit, whose PLUGIN may be "*".
// Empty: done; else what is wrong, and what is right.
std::string add_plugin_value(std::string_view text, std::vector<assignment>& to);
std::string add_plugin_limit(std::string_view text, std::vector<assignment>& to);

// What was added of values: plugin id to key to value.
std::map<std::string, std::map<std::string, std::string>>
plugin_values(std::span<const assignment> of);

// Cuts "bearer,cors" at its commas.
std::vector<std::string> split_names(std::string_view text);

} // namespace mortise::config
