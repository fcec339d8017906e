// SPDX-License-Identifier: BSL-1.0
// The settings that hold, each with where it came from.
#pragma once

#include "config/reader.hpp"

#include <string>

namespace mortise::config {

// As one file that would give the same settings, but for secrets, which are "(hidden)": values of
// keys that are secret, values with a credential, and those of plugins whose names say so.
std::string show(const configured& of);

} // namespace mortise::config
