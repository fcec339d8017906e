// SPDX-License-Identifier: BSL-1.0
// What keeps settings from being served that their text does not tell.
#pragma once

#include <string>
#include <vector>

namespace mortise::config {
struct settings;
}

namespace mortise::server {

struct finding {
    std::string about;  // the key or the table: "plugins.filters", "plugin.greeting"
    std::string plugin; // its id, of a warning
    std::string what;   // a line
};

// Judges, tries, loads and configures the plugins, and puts their routes together. Nothing is
// served and nothing is bound. [control]
std::vector<finding> rehearse(const config::settings& chosen);

} // namespace mortise::server
