// SPDX-License-Identifier: BSL-1.0
// The rules for a plugin's id and version, judged while it is compiled.
#pragma once

#include <mortise/abi/plugin.h>

#include <algorithm>
#include <string_view>

namespace mortise {
inline namespace sdk_v0 {
namespace detail {

constexpr bool is_digit(char letter) noexcept {
    return letter >= '0' && letter <= '9';
}

constexpr bool is_lower(char letter) noexcept {
    return letter >= 'a' && letter <= 'z';
}

// [a-z][a-z0-9-]*, and the note has room for it and its NUL.
constexpr bool is_id(std::string_view text) noexcept {
    return !text.empty() && text.size() < sizeof(mortise_note::id) && is_lower(text.front()) &&
           std::ranges::all_of(text, [](char letter) {
               return is_lower(letter) || is_digit(letter) || letter == '-';
           });
}

// Removes the digits that `text` begins with; false where there are none.
constexpr bool take_number(std::string_view& text) noexcept {
    const auto size = std::min(text.find_first_not_of("0123456789"), text.size());
    text.remove_prefix(size);
    return size != 0;
}

constexpr bool take_dot(std::string_view& text) noexcept {
    const bool found = text.starts_with('.');
    text.remove_prefix(found ? 1 : 0);
    return found;
}

// Three numbers, and behind them perhaps - or + with letters, digits, '.', '-', '+'.
constexpr bool is_version(std::string_view text) noexcept {
    if (text.size() >= sizeof(mortise_note::version)) {
        return false;
    }
    if (!take_number(text) || !take_dot(text) || !take_number(text) || !take_dot(text) ||
        !take_number(text)) {
        return false;
    }
    const bool marked = text.starts_with('-') || text.starts_with('+');
    return text.empty() || (marked && text.size() > 1 && std::ranges::all_of(text, [](char letter) {
                                return is_lower(letter) || is_digit(letter) ||
                                       (letter >= 'A' && letter <= 'Z') || letter == '.' ||
                                       letter == '-' || letter == '+';
                            }));
}

} // namespace detail
} // namespace sdk_v0
} // namespace mortise
