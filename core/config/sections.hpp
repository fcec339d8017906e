// SPDX-License-Identifier: BSL-1.0
// Tables that are there once for each plugin or virtual host, as they are written.
#pragma once

#include <string>
#include <vector>

namespace mortise::config {

// [plugin.ID], beside its configuration and its limits.
struct plugin_section {
    std::string file;
    std::string mount;
    std::vector<std::string> virtual_hosts;
};

// [virtual_host.NAME].
struct virtual_host_section {
    std::vector<std::string> names;
};

} // namespace mortise::config
