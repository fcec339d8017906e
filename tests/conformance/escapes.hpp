// SPDX-License-Identifier: BSL-1.0
// How a case file writes bytes.
#pragma once

#include <string>
#include <string_view>

namespace mortise::conformance {

// The bytes that one line of a block stands for: \r \n \t \\ \xHH, {"text" x N} for text repeated,
// every other character for itself. Throws std::runtime_error where the line is none of that.
std::string unescape(std::string_view line);

// Bytes as they can be read in a failure: unescape()'s inverse, cut after the first 2,000.
std::string escape(std::string_view bytes);

} // namespace mortise::conformance
