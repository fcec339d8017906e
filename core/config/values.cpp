// SPDX-License-Identifier: BSL-1.0
// Numbers with units.
#include "config/values.hpp"

#include "base/ascii.hpp"
#include "base/decimal.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <span>

namespace mortise::config {

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
constexpr base::milliseconds longest = std::chrono::hours{24 * 365};

// A number with one of the units right behind it; `of` is null where there is none.
struct measure {
    std::string_view digits;
    const unit* of = nullptr;
};

measure split_unit(std::string_view text, std::span<const unit> units) {
    const auto digits = static_cast<std::size_t>(
        std::find_if_not(text.begin(), text.end(),
                         [](char byte) { return base::is_of(byte, base::digit_byte); }) -
        text.begin());
    const auto found = std::find_if(units.begin(), units.end(), [&](const unit& one) {
        return one.name == text.substr(digits);
    });
    return {text.substr(0, digits), digits != 0 && found != units.end() ? &*found : nullptr};
}

std::optional<std::uint64_t> parse_with_unit(std::string_view text, std::span<const unit> units) {
    const auto parts = split_unit(text, units);
    const auto number = base::parse_decimal(parts.digits);
    if (!number || parts.of == nullptr || *number > largest / parts.of->factor) {
        return std::nullopt;
    }
    return *number * parts.of->factor;
}

std::string with_largest_unit(std::uint64_t number, std::span<const unit> units) {
    const unit* fitting = &units.front();
    for (const auto& each : units) {
        fitting = number != 0 && number % each.factor == 0 ? &each : fitting;
    }
    return std::to_string(number / fitting->factor) + std::string{fitting->name};
}

} // namespace

std::optional<std::uint64_t> parse_size(std::string_view text) noexcept {
    return parse_with_unit(text, size_units);
}

std::optional<base::milliseconds> parse_duration(std::string_view text) noexcept {
    const auto number = parse_with_unit(text, time_units);
    if (!number || *number == 0 || *number > static_cast<std::uint64_t>(longest.count())) {
        return std::nullopt;
    }
    return base::milliseconds{*number};
}

std::string allowed_sizes(std::string_view text) {
    return split_unit(text, size_units).of != nullptr ? "a size from 1 to " + size_text(largest)
                                                      : "a size such as 4096, 16KiB or 1MiB";
}

std::string allowed_durations(std::string_view text) {
    return split_unit(text, time_units).of != nullptr
               ? "a duration from 1ms to " + duration_text(longest)
               : "a duration such as 500ms, 10s or 2m";
}

std::string size_text(std::uint64_t bytes) {
    return with_largest_unit(bytes, size_units);
}

std::string duration_text(base::milliseconds time) {
    return with_largest_unit(static_cast<std::uint64_t>(time.count()), time_units);
}

} // namespace mortise::config
