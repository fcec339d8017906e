// SPDX-License-Identifier: BSL-1.0
// From the text of a configuration value to its type.
#pragma once

#include <mortise/sdk/error.hpp>

#include <charconv>
#include <concepts>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>

namespace mortise {
inline namespace sdk_v0 {

// The types that a configuration value may be asked for.
template <class Value>
concept config_value =
    std::same_as<Value, std::string> || std::same_as<Value, bool> ||
    (std::integral<Value> && !std::same_as<Value, char>) || std::floating_point<Value>;

namespace detail {

template <config_value Value>
std::string expectation() {
    if constexpr (std::same_as<Value, bool>) {
        return "true or false";
    } else if constexpr (std::integral<Value>) {
        return "a whole number from " + std::to_string(std::numeric_limits<Value>::min()) + " to " +
               std::to_string(std::numeric_limits<Value>::max());
    } else {
        return "a number";
    }
}

template <config_value Value>
bool read_value(std::string_view text, Value& value) noexcept {
    if constexpr (std::same_as<Value, bool>) {
        value = text == "true";
        return value || text == "false";
    } else {
        const char* const end = text.data() + text.size();
        const auto [rest, fault] = std::from_chars(text.data(), end, value);
        return fault == std::errc{} && rest == end;
    }
}

template <config_value Value>
Value parse_value(std::string_view key, std::string_view text) {
    if constexpr (std::same_as<Value, std::string>) {
        return std::string{text};
    } else {
        Value value{};
        if (!read_value(text, value)) {
            throw config_error{"key \"" + std::string{key} + "\" is \"" + std::string{text} +
                               "\", expected " + expectation<Value>()};
        }
        return value;
    }
}

} // namespace detail
} // namespace sdk_v0
} // namespace mortise
