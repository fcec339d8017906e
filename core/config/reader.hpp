// SPDX-License-Identifier: BSL-1.0
// From files and the command line to settings, or to every fault that they have.
#pragma once

#include "config/assignment.hpp"
#include "config/document.hpp"
#include "config/sections.hpp"
#include "config/settings.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mortise::config {

// Where settings come from. Beside `file`, what stands in its folder's conf.d/*.toml and
// plugins.d/*.toml belongs to it, by name; those of plugins.d hold plugins alone.
struct source {
    std::filesystem::path file; // empty: none
    std::vector<assignment> flags;
};

// Where a value came from, and how it was written.
struct origin {
    place at;
    std::string written; // before names of the environment were replaced; of a scalar
    bool is_replaced = false;
    bool is_hidden = false; // it holds what nobody is shown
};
using origins = std::map<std::string, origin, std::less<>>; // by full name; no default is in it

struct configured {
    settings chosen;                               // to be used only where there is no fault
    std::map<std::string, plugin_section> plugins; // by id: what `chosen` has of them as written
    std::map<std::string, virtual_host_section> hosts;
    origins from;
    std::vector<fault> faults; // in the order of the files
    std::string main;          // the first file; empty: none

    // Where something is said of `name`, or of the whole.
    place place_of(std::string_view name) const;
};

// Reads, checks each value, and then what values mean together. Plugins are not looked at. [any]
configured read(const source& from);

} // namespace mortise::config
