// SPDX-License-Identifier: BSL-1.0
// Which instances are alive, by ordinal: an exchange's number names its plugin on every thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace mortise::plugin {

class instance;

// The roll of the process. [any]
namespace roll {

// Gives `entering` an ordinal that no other instance has; nothing where all are taken.
std::optional<std::uint8_t> enter(instance& entering) noexcept;
void leave(std::uint8_t ordinal) noexcept;

// Reports a fault of the instance with this ordinal; nothing happens where there is none.
void report_fault(std::uint8_t ordinal, std::string_view what) noexcept;

} // namespace roll
} // namespace mortise::plugin
