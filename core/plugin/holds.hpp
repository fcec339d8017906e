// SPDX-License-Identifier: BSL-1.0
// Why instances may not be taken down yet, in their plugins' words.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mortise::plugin {

// Those of the process, by the ordinal of the instance, so that a release that comes too late
// touches nobody's memory. [any]
namespace holds {

constexpr std::size_t max_reason = 256; // bytes; more is cut

// From here on the instance with this ordinal can be held.
void open(std::uint8_t ordinal) noexcept;
// A number that is never valid again once it is released; nothing where the instance is closed.
// May throw std::bad_alloc.
std::optional<std::uint64_t> take(std::uint8_t ordinal, std::string_view reason);
// False: it was released before, or never was.
bool release(std::uint64_t number) noexcept;
// The reasons for which the instance is held now, in the order in which they came.
std::vector<std::string> reasons(std::uint8_t ordinal);
bool is_held(std::uint8_t ordinal) noexcept;
// Where the instance is not held, it cannot be any more. False: it is held, and stays open.
bool close(std::uint8_t ordinal) noexcept;
// Forgets what holds the instance, and closes it.
void forget(std::uint8_t ordinal) noexcept;

} // namespace holds
} // namespace mortise::plugin
