// SPDX-License-Identifier: BSL-1.0
// A plugin's configuration.
#pragma once

#include <mortise/sdk/detail/parse_value.hpp>
#include <mortise/sdk/detail/services.hpp>
#include <mortise/sdk/detail/view.hpp>
#include <mortise/sdk/error.hpp>
#include <mortise/sdk/log.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace mortise {
inline namespace sdk_v0 {

// The keys and values that the host's configuration holds for this plugin. Valid, on the control
// thread, while the plugin's constructor runs: read there, keep what you read.
class config {
public:
    // Used by the SDK, which passes a config to the plugin's constructor.
    explicit config(const detail::services& services) noexcept : services_{services} {}
    config(const config&) = delete;
    config& operator=(const config&) = delete;

    // The value as written, or nothing. The view is valid for the life of the plugin's object.
    std::optional<std::string_view> find(std::string_view key) const noexcept {
        mortise_view value{};
        const auto* const table = services_.config;
        if (table == nullptr ||
            table->find(services_.instance, detail::to_abi(key), &value) != MORTISE_OK) {
            return std::nullopt;
        }
        return detail::from_abi(value);
    }

    // The value of a key that must be there: get("url"), get<int>("port"). Throws config_error,
    // which names the key, where it is missing or no Value.
    template <config_value Value = std::string>
    Value get(std::string_view key) const {
        if (const auto found = find(key)) {
            return detail::parse_value<Value>(key, *found);
        }
        throw config_error{"key \"" + std::string{key} + "\" is missing"};
    }

    // The value of a key, or `otherwise` where it is missing: get_or("salutation", "Hello"),
    // get_or<int>("retries", 3). Throws config_error where it is there and no Value.
    template <config_value Value>
    Value get_or(std::string_view key, Value otherwise) const {
        const auto found = find(key);
        return found ? detail::parse_value<Value>(key, *found) : otherwise;
    }
    std::string get_or(std::string_view key, std::string_view otherwise) const {
        return std::string{find(key).value_or(otherwise)};
    }

    // The plugin's log; keep a copy.
    mortise::log log() const noexcept { return mortise::log{services_}; }

private:
    const detail::services& services_;
};

} // namespace sdk_v0
} // namespace mortise
