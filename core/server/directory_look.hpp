// SPDX-License-Identifier: BSL-1.0
// What lies in the plugin directory.
#pragma once

#include "plugin/catalogue.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace mortise::server {

struct directory_look {
    bool is_read = false; // the directory itself could be
    std::vector<std::filesystem::path> files;
    std::vector<plugin::catalogue::candidate> plugins; // one for each id
    std::vector<std::string> faults;                   // lines: why a file is not among these
};

// Reads and judges every `*.so`. Of several files with the same plugin the one is taken that
// `is_preferred`, else the first by name. [control]
directory_look
look_at(const std::filesystem::path& directory,
        const std::function<bool(const plugin::catalogue::candidate&)>& is_preferred);

} // namespace mortise::server
