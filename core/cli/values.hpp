// SPDX-License-Identifier: BSL-1.0
// Values as they are written on a command line, and what is wrong with them.
#pragma once

#include "base/clock.hpp"
#include "plugin/limits.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mortise::server {
struct settings;
}

namespace mortise::cli {

// Bytes: "4096", "16KiB", "1MiB", "2GiB". Nothing where it is none of these, or too large.
std::optional<std::uint64_t> parse_size(std::string_view text) noexcept;

// "500ms", "10s", "2m", "1h"; at least one millisecond. Nothing where it is none of these.
std::optional<base::milliseconds> parse_duration(std::string_view text) noexcept;

// Adds "PLUGIN.KEY=VALUE". Empty: done; else what is wrong, and what is right.
std::string add_plugin_value(std::string_view text,
                             std::map<std::string, std::map<std::string, std::string>>& values);

// Adds "PLUGIN.LIMIT=VALUE": LIMIT is requests, pool, time or memory, and PLUGIN may be "*". Empty:
// done; else what is wrong, and what is right.
std::string add_plugin_limit(std::string_view text, plugin::limit_table& limits);

// Reads "bearer,cors": names of filters, each once. Empty: done; else what is wrong, and what is
// right.
std::string read_names(std::string_view text, std::vector<std::string>& names);

// Reads the token that a file holds in one line. Others than its owner and its group may not even
// read the file. Empty: done; else what is wrong, and what is right.
std::string read_token(const std::filesystem::path& file, std::string& token);

// What the settings ask for together and cannot have. Empty: nothing.
std::string judge(const server::settings& settings);

} // namespace mortise::cli
