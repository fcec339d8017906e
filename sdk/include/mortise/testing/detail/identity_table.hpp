// SPDX-License-Identifier: BSL-1.0
// The extension identity.
#pragma once

#include <mortise/abi/ext/identity.h>
#include <mortise/testing/detail/calls.hpp>
#include <mortise/testing/detail/filter_table.hpp>

#include <cstdint>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {
namespace detail {

inline std::int32_t identity_of_exchange(mortise_exchange number, mortise_identity* into) noexcept {
    const auto call = look_up(number, "identity of_exchange()");
    return call.at != nullptr ? call.at->tell_identity(into) : call.refusal;
}

inline std::int32_t identity_of_response(mortise_response* of, mortise_identity* into) noexcept {
    return change_response(of, "identity of_response()", [&](const filtered_response& seen) {
        return seen.of.write(into, seen.memory);
    });
}

inline constexpr mortise_identity_calls identity_table{.size = sizeof(mortise_identity_calls),
                                                       .reserved = 0,
                                                       .of_exchange = identity_of_exchange,
                                                       .of_response = identity_of_response};

} // namespace detail
} // namespace testing
} // namespace sdk_v0
} // namespace mortise
