// SPDX-License-Identifier: BSL-1.0
// What a plugin's file shows, before any of it is run, of the trouble that it will make.
#pragma once

#include "plugin/load_error.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mortise::plugin {

struct hazard {
    std::string_view name; // "static-tls"
    bool is_certain;       // false: it may make none, which depends on what the code does
    fault why;
};

// Judges the bytes of a whole file, which read_identity() has taken for a shared library. Versions
// of libraries are compared with those that this process has loaded. [control]
std::vector<hazard> find_hazards(std::span<const std::byte> file);

// What can be said of a file beside: its libraries, and the extensions of the border that its text
// names.
struct file_facts {
    std::vector<std::string> libraries;
    std::vector<std::string> extensions;
    std::string build_id; // in hexadecimal digits; empty: none
};
file_facts read_facts(std::span<const std::byte> file);

} // namespace mortise::plugin
