// SPDX-License-Identifier: BSL-1.0
// A number for bytes, to tell them apart where nobody means to deceive.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace mortise::base {

// FNV-1a.
inline std::uint64_t hash(std::span<const std::byte> bytes) noexcept {
    std::uint64_t value = 0xcbf29ce484222325;
    for (const std::byte each : bytes) {
        value = (value ^ static_cast<std::uint8_t>(each)) * 0x100000001b3;
    }
    return value;
}

} // namespace mortise::base
