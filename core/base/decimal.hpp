// SPDX-License-Identifier: BSL-1.0
// Whole numbers in digits, as HTTP writes them: no sign, no space, no overflow.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace mortise::base {

// The number that `digits` write; nothing where there is any other character, or none, or more
// than 64 bits hold.
inline std::optional<std::uint64_t> parse_decimal(std::string_view digits) noexcept {
    std::uint64_t number = 0;
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, number);
    if (error != std::errc{} || stop != end) {
        return std::nullopt;
    }
    return number;
}

} // namespace mortise::base
