// SPDX-License-Identifier: BSL-1.0
// The child's side of prober.
#pragma once

#include <filesystem>
#include <string_view>

namespace mortise::server {

namespace probe {

// The word on the command line that stands for this, and the file's name behind it.
inline constexpr std::string_view command = "probe-plugin";

// What the child is given.
inline constexpr int bytes_descriptor = 3;         // the file's, from its begin
inline constexpr int configuration_descriptor = 4; // "key\0value\0…"
inline constexpr int report_descriptor = 5;        // for lines; never blocks

// Lines of the report, by their first letter:
inline constexpr char step_line = 's';    // the step that begins: "screate"
inline constexpr char warning_line = 'w'; // what does not keep it from serving
inline constexpr char fault_line = 'f';   // what is wrong, behind a tab the cure
inline constexpr char sound_line = 'y';   // the last one: nothing is wrong

} // namespace probe

// Loads the plugin, lets it live, and reports; the process's exit code. Plugins' own log lines
// below a warning are left out. Copies are made in `room`, which who asked removes.
int run_probe(const std::filesystem::path& file, const std::filesystem::path& room);

} // namespace mortise::server
