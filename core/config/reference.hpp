// SPDX-License-Identifier: BSL-1.0
// The page about the configuration, made of the table of keys.
#pragma once

#include <string>

namespace mortise::config {

// docs/configuration.md.
std::string reference_page();

// mortise.toml(5), in the man macros of troff.
std::string reference_manual(const std::string& version);

} // namespace mortise::config
