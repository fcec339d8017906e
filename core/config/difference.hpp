// SPDX-License-Identifier: BSL-1.0
// What an operator has changed from one configuration to the next.
#pragma once

#include "config/reader.hpp"

#include <string>
#include <vector>

namespace mortise::config {

// A clause for people for each value that differs: "deadlines.header is \"5s\" now". What show()
// hides is hidden. Left to who makes the change: keys that take a restart, listeners that come or
// go, and the modes of their files.
std::vector<std::string> differences(const configured& before, const configured& after);

} // namespace mortise::config
