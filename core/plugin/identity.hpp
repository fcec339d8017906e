// SPDX-License-Identifier: BSL-1.0
// Who a plugin says it is, read from the ELF note of its file before anything of it is run.
#pragma once

#include "plugin/load_error.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace mortise::plugin {

struct identity {
    std::uint32_t abi_version;
    std::string id;      // [a-z][a-z0-9-]*, at most 63 characters
    std::string version; // printable, not empty, at most 63 characters
};

// Judges the bytes of a whole file: a shared library for this machine, complete, with exactly one
// Mortise note. Pure, bounded by the file's size, for hostile bytes. Any thread.
judged<identity> read_identity(std::span<const std::byte> file);

bool is_plugin_id(std::string_view text) noexcept;

} // namespace mortise::plugin
