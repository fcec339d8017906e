// SPDX-License-Identifier: BSL-1.0
// What lies where plugins are to be.
#pragma once

#include "plugin/catalogue.hpp"

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace mortise::config {
struct settings;
}

namespace mortise::server {

// Every file that is to be served: those of the plugin directory where all of it is, and those that
// are named, which may lie elsewhere. [control]
plugin::loaded<std::vector<plugin::wanted>> files_of(const config::settings& chosen);

// Ids that the configuration speaks of, and that no plugin has which was found, well or not: what
// was to hold for it holds for nobody.
std::set<std::string> unclaimed(const config::settings& chosen,
                                const std::function<bool(const std::string&)>& has_found);
// What is said of each.
std::string unclaimed_line(const std::string& id);

struct directory_look {
    bool is_read = false; // the directory itself could be
    std::vector<plugin::wanted> files;
    std::vector<plugin::catalogue::candidate> plugins; // one for each id
    std::vector<std::string> faults;                   // lines: why a file is not among these
};

// Reads and judges each of them. Of several files with the same plugin the one is taken that
// `is_preferred`, else the first by name. [control]
directory_look
look_at(const config::settings& chosen,
        const std::function<bool(const plugin::catalogue::candidate&)>& is_preferred);

} // namespace mortise::server
