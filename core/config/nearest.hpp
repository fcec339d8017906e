// SPDX-License-Identifier: BSL-1.0
// What somebody may have meant.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace mortise::config {

// The one of `known` that `text` is most like, where it is a slip of the hand away; else empty.
std::string nearest(std::string_view text, std::span<const std::string> known);

// "did you mean workers?", or which there are.
std::string advice(std::string_view text, std::span<const std::string> known);

} // namespace mortise::config
