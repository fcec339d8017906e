// SPDX-License-Identifier: BSL-1.0
// mortise plugin check and inspect: what can be said of a plugin's file.
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace mortise::cli {

// Exit codes of check, beside 0.
inline constexpr int exit_hazards = 1; // it can be served, but will make trouble
inline constexpr int exit_refused = 2; // no host of this version serves it

// Judges the file, tries the plugin in a process of its own, and serves it for some seconds in
// another; says on standard output what was found, or as JSON. The exit code.
int check_plugin(const std::filesystem::path& file,
                 const std::map<std::string, std::map<std::string, std::string>>& values,
                 bool is_json);

// Shows what stands in the file, none of whose code is run. The exit code.
int inspect_plugin(const std::filesystem::path& file, bool is_json);

} // namespace mortise::cli
