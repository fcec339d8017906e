// SPDX-License-Identifier: BSL-1.0
// The settings that hold, each with where it came from.
#pragma once

#include "config/reader.hpp"

#include <string>

namespace mortise::config {

// As one file that would give the same settings, but for secrets, which are "(hidden)": values of
// keys that are secret, values with a credential, and those of plugins whose names say so.
std::string show(const configured& of);

// Likewise of a process that was started with `first`: that holds of keys that take a restart, and
// a remark says what `of` has in its place.
std::string show(const configured& of, const configured& first);

// Of a plugin's value: whether nobody is to read it.
bool sounds_secret(std::string name);

} // namespace mortise::config
