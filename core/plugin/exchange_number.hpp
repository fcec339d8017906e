// SPDX-License-Identifier: BSL-1.0
// What a mortise_exchange is made of.
#pragma once

#include <mortise/abi/types.h>

#include <cstdint>

namespace mortise::plugin {

//   63        36 35      28 27    20 19      0
//   [ generation | instance |  loop  |  slot  ]
//
// Generations begin with 1: no number is 0. The instance is there so that a fault on any thread
// can be put down to its plugin.
struct exchange_number {
    static constexpr std::uint32_t max_slots = 1U << 20;
    static constexpr std::uint32_t last_generation = (1U << 28) - 1;
    static constexpr std::uint64_t one_generation = std::uint64_t{1} << 36;
    static constexpr std::uint64_t instance_bits = std::uint64_t{0xff} << 28;

    std::uint32_t generation;
    std::uint8_t instance; // its ordinal
    std::uint32_t loop;    // its index, below 256
    std::uint32_t slot;

    constexpr mortise_exchange packed() const noexcept {
        return std::uint64_t{generation} << 36 | std::uint64_t{instance} << 28 |
               std::uint64_t{loop} << 20 | slot;
    }
    static constexpr exchange_number unpack(mortise_exchange number) noexcept {
        return {static_cast<std::uint32_t>(number >> 36), static_cast<std::uint8_t>(number >> 28),
                static_cast<std::uint32_t>(number >> 20) & 0xff,
                static_cast<std::uint32_t>(number) & (max_slots - 1)};
    }
};

} // namespace mortise::plugin
