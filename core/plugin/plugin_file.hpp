// SPDX-License-Identifier: BSL-1.0
// A plugin's bytes as they lie in the plugin directory, and who may change them there.
#pragma once

#include "plugin/load_error.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <sys/stat.h>
#include <vector>

namespace mortise::plugin {

// What lets others than root and `user` write what has the owner and mode of `state`: who may,
// decides what code runs in this process. `path` is for the advice alone.
std::optional<fault> judge_writers(const std::filesystem::path& path, const struct stat& state,
                                   uid_t user);

// Reads a regular file that only root and the host's own user may write; else says who can.
// Ownership is judged on the descriptor that is read. [control]
loaded<std::vector<std::byte>> read_plugin_file(const std::filesystem::path& file);

// What lets others put a file of theirs in the place of one there: who may write to the directory.
// One in which nobody may take away what is another's (the sticky bit) will do. [control]
std::optional<load_error> judge_folder(const std::filesystem::path& directory);

// The `*.so` of a directory that only root and the host's own user may write, by name. [control]
loaded<std::vector<std::filesystem::path>>
list_plugin_files(const std::filesystem::path& directory);

} // namespace mortise::plugin
