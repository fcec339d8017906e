// SPDX-License-Identifier: BSL-1.0
// Whether this host speaks the border that a plugin was built for.
#pragma once

#include "plugin/load_error.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace mortise::plugin {

// Nothing where `plugin` can be loaded by a host of version `host`; else a fault that names both.
// Until 1.0 each minor is a border of its own; from then on a host loads each plugin of its major.
std::optional<fault> judge_compatibility(std::uint32_t plugin, std::uint32_t host);

// "0.1" of 0x00000001.
std::string abi_version_text(std::uint32_t version);

} // namespace mortise::plugin
