// SPDX-License-Identifier: BSL-1.0
// Hexadecimal digits, as Mortise writes them.
#pragma once

#include <string_view>

namespace mortise::base {

inline constexpr std::string_view hex_digits = "0123456789abcdef";

} // namespace mortise::base
