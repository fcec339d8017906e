// SPDX-License-Identifier: BSL-1.0
// The extension file.
#pragma once

#include <mortise/abi/ext/file.h>
#include <mortise/testing/detail/calls.hpp>
#include <mortise/testing/detail/exchange_file.hpp>

#include <cstdint>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {
namespace detail {

inline std::int32_t reply_with_file(mortise_exchange number, const mortise_reply* head,
                                    const mortise_file_range* range) noexcept {
    const auto call = look_up(number, "file reply()");
    if (call.at != nullptr) {
        return call.at->reply(head, range);
    }
    const auto [release, argument] = end_of_file(head, range);
    if (release != nullptr) {
        release(argument);
    }
    return call.refusal;
}

inline constexpr mortise_file file_table{
    .size = sizeof(mortise_file), .reserved = 0, .reply = reply_with_file};

} // namespace detail
} // namespace testing
} // namespace sdk_v0
} // namespace mortise
