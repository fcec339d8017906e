// SPDX-License-Identifier: BSL-1.0
// Sizes and durations as people write them.
#pragma once

#include "base/clock.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mortise::config {

// Bytes: "4096", "16KiB", "1MiB", "2GiB". Nothing where it is none of these, or too large.
std::optional<std::uint64_t> parse_size(std::string_view text) noexcept;
// What a text of which it makes nothing, or 0, is not: "a size from 1 to 1048576GiB" where it is
// one out of these bounds, else "a size such as 16KiB".
std::string allowed_sizes(std::string_view text);
// With the largest unit that leaves a whole number.
std::string size_text(std::uint64_t bytes);

// "500ms", "10s", "2m", "1h"; from a millisecond to a year. Nothing where it is none of these.
std::optional<base::milliseconds> parse_duration(std::string_view text) noexcept;
// Likewise: "a duration from 1ms to 8760h".
std::string allowed_durations(std::string_view text);
// Likewise.
std::string duration_text(base::milliseconds time);

} // namespace mortise::config
