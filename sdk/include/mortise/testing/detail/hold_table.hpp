// SPDX-License-Identifier: BSL-1.0
// The extension hold.
#pragma once

#include <mortise/abi/ext/hold.h>
#include <mortise/testing/detail/calls.hpp>

#include <cstdint>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {
namespace detail {

inline std::int32_t take_hold(mortise_instance* of, mortise_view reason,
                              std::uint64_t* number) noexcept {
    host_core* const host = host_of(of);
    if (host == nullptr) {
        return MORTISE_E_CLOSED;
    }
    if (number == nullptr || !is_sound(reason) || reason.size == 0) {
        host->faults.add(called(of, "hold()") + ": there is no reason, or no place for the number");
        return MORTISE_E_INVALID;
    }
    if (const auto refusal = host->take_refusal(function::hold)) {
        return *refusal;
    }
    *number = host->holds.add(instance::from_abi(of), copy(reason));
    return MORTISE_OK;
}

inline std::int32_t release_hold(mortise_instance* of, std::uint64_t number) noexcept {
    host_core* const host = host_of(of);
    if (host == nullptr || !host->holds.remove(number)) {
        if (host != nullptr) {
            host->faults.add(called(of, "hold release()") + ": it was released before");
        }
        return MORTISE_E_STATE;
    }
    return MORTISE_OK;
}

inline constexpr mortise_hold hold_table{
    .size = sizeof(mortise_hold), .reserved = 0, .hold = take_hold, .release = release_hold};

} // namespace detail
} // namespace testing
} // namespace sdk_v0
} // namespace mortise
