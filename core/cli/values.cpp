// SPDX-License-Identifier: BSL-1.0
// Reading sizes, durations and plugin values.
#include "cli/values.hpp"

#include "base/ascii.hpp"
#include "base/decimal.hpp"
#include "base/scan.hpp"
#include "server/settings.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <type_traits>

namespace mortise::cli {

namespace {

struct unit {
    std::string_view name;
    std::uint64_t factor;
};

constexpr std::array<unit, 4> size_units{
    {{"", 1}, {"KiB", 1ULL << 10}, {"MiB", 1ULL << 20}, {"GiB", 1ULL << 30}}};
constexpr std::array<unit, 4> time_units{
    {{"ms", 1}, {"s", 1000}, {"m", 60 * 1000}, {"h", 60 * 60 * 1000}}};
constexpr std::uint64_t largest = 1ULL << 50;

// A number with one of the units right behind it.
std::optional<std::uint64_t> parse_with_unit(std::string_view text, std::span<const unit> units) {
    const auto digits = static_cast<std::size_t>(
        std::find_if_not(text.begin(), text.end(),
                         [](char byte) { return base::is_of(byte, base::digit_byte); }) -
        text.begin());
    const auto number = base::parse_decimal(text.substr(0, digits));
    const auto found = std::find_if(units.begin(), units.end(), [&](const unit& one) {
        return one.name == text.substr(digits);
    });
    if (!number || found == units.end() || *number > largest / found->factor) {
        return std::nullopt;
    }
    return *number * found->factor;
}

} // namespace

std::optional<std::uint64_t> parse_size(std::string_view text) noexcept {
    return parse_with_unit(text, size_units);
}

std::optional<base::milliseconds> parse_duration(std::string_view text) noexcept {
    const auto number = parse_with_unit(text, time_units);
    if (!number || *number == 0 || *number > 1000ULL * 3600 * 24 * 365) {
        return std::nullopt;
    }
    return base::milliseconds{*number};
}

std::string add_plugin_value(std::string_view text,
                             std::map<std::string, std::map<std::string, std::string>>& values) {
    const auto equals = text.find('=');
    const auto dot = text.substr(0, equals).find('.');
    if (equals == text.npos || dot == text.npos || dot == 0 || dot + 1 == equals) {
        return "\"" + std::string{text} + "\" is not PLUGIN.KEY=VALUE, like greeting.salutation=Hi";
    }
    auto& of_plugin = values[std::string{text.substr(0, dot)}];
    const std::string key{text.substr(dot + 1, equals - dot - 1)};
    if (!of_plugin.emplace(key, text.substr(equals + 1)).second) {
        return "\"" + std::string{text.substr(0, equals)} + "\" is set twice; set it once";
    }
    return {};
}

std::string add_plugin_limit(std::string_view text, plugin::limit_table& limits) {
    const auto equals = std::min(text.find('='), text.size());
    const auto name = text.substr(0, equals);
    const auto dot = name.rfind('.');
    if (equals == text.size() || dot == name.npos || dot == 0) {
        return "\"" + std::string{text} + "\" is not PLUGIN.LIMIT=VALUE, like prices.requests=100";
    }
    auto& of_plugin = limits[std::string{name.substr(0, dot)}];
    const auto limit = name.substr(dot + 1);
    const auto value = text.substr(equals + 1);
    const auto set = [&](auto& to, const auto& parsed, std::string_view allowed) {
        using number = std::remove_reference_t<decltype(to)>;
        if (!parsed || *parsed == std::remove_cvref_t<decltype(*parsed)>{}) {
            return "\"" + std::string{value} + "\" of " + std::string{name} + " is not " +
                   std::string{allowed};
        }
        if (to != number{}) {
            return "\"" + std::string{name} + "\" is set twice; set it once";
        }
        to = static_cast<number>(*parsed);
        return std::string{};
    };
    auto count = base::parse_decimal(value);
    if (count && *count > UINT32_MAX) {
        count.reset();
    }
    if (limit == "requests") {
        return set(of_plugin.requests, count, "a number from 1");
    }
    if (limit == "pool") {
        return set(of_plugin.pool, count, "a number from 1");
    }
    if (limit == "time") {
        return set(of_plugin.time, parse_duration(value), "a duration such as 500ms, 10s or 2m");
    }
    if (limit == "memory") {
        return set(of_plugin.memory, parse_size(value), "a size such as 64KiB or 1MiB");
    }
    if (limit == "log") {
        return set(of_plugin.log, count, "a number from 1");
    }
    return "\"" + std::string{limit} +
           "\" is no limit of a plugin; there are requests, pool, time, memory and log";
}

std::string read_names(std::string_view text, std::vector<std::string>& names) {
    for (std::size_t at = 0; at <= text.size();) {
        const auto end = std::min(text.find(',', at), text.size());
        const std::string_view name = text.substr(at, end - at);
        if (name.empty()) {
            return "\"" + std::string{text} + "\" has an empty name; write them as bearer,cors";
        }
        if (std::ranges::find(names, name) != names.end()) {
            return "\"" + std::string{name} + "\" is named twice; name it once";
        }
        names.emplace_back(name);
        at = end + 1;
    }
    return {};
}

std::string judge(const server::settings& settings) {
    const auto& limits = settings.limits;
    const std::size_t head = limits.target_size + limits.header_size;
    if (head > http1::limits::largest_head) {
        return "--max-target-size and --max-header-size come to " + std::to_string(head) +
               " bytes; together at most " + std::to_string(http1::limits::largest_head);
    }
    if (!settings.access_log_file.empty() && settings.access_log == observe::access_format::off) {
        return "--access-log-file is given without a format; add --access-log json or combined";
    }
    if (!base::is_field_value(settings.server_field)) {
        return "--server-field holds a control character; write visible characters and spaces";
    }
    return {};
}

} // namespace mortise::cli
