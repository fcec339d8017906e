// SPDX-License-Identifier: BSL-1.0
// The settings that hold, each with where it came from.
#pragma once

#include "config/reader.hpp"

#include <string>

namespace mortise::config {

// As one file that would give the same settings, but for secrets, which are "(hidden)": values that
// hold a credential, or a variable whose name says so; and of plugins those whose keys say so, and
// URIs with a password.
std::string show(const configured& of);

// Likewise of a process that was started with `first`: that holds of keys that take a restart, and
// a remark says what `of` has in its place.
std::string show(const configured& of, const configured& first);

} // namespace mortise::config
