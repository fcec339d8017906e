// SPDX-License-Identifier: BSL-1.0
// The extension content.
#pragma once

#include <mortise/abi/ext/content.h>
#include <mortise/testing/detail/calls.hpp>
#include <mortise/testing/detail/exchange_content.hpp>

#include <cstddef>
#include <cstdint>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {
namespace detail {

inline std::int32_t read_content(mortise_exchange number, char* into, std::size_t size,
                                 mortise_operation* operation) noexcept {
    const auto call = look_up_waiting(number, "content read()");
    return call.at != nullptr ? call.at->read(into, size, operation) : call.refusal;
}

inline std::int32_t begin_content(mortise_exchange number, const mortise_reply* head,
                                  std::int64_t length) noexcept {
    const auto call = look_up_waiting(number, "content begin()");
    return call.at != nullptr ? call.at->begin(head, length) : call.refusal;
}

inline std::int32_t write_content(mortise_exchange number, mortise_view piece,
                                  mortise_operation* operation) noexcept {
    const auto call = look_up_waiting(number, "content write()");
    return call.at != nullptr ? call.at->write(piece, operation) : call.refusal;
}

inline std::int32_t end_content(mortise_exchange number) noexcept {
    const auto call = look_up_waiting(number, "content end()");
    return call.at != nullptr ? call.at->end() : call.refusal;
}

inline std::int32_t break_off_content(mortise_exchange number) noexcept {
    const auto call = look_up_waiting(number, "content break_off()");
    return call.at != nullptr ? call.at->break_off() : call.refusal;
}

inline constexpr mortise_content content_table{.size = sizeof(mortise_content),
                                               .reserved = 0,
                                               .read = read_content,
                                               .begin = begin_content,
                                               .write = write_content,
                                               .end = end_content,
                                               .break_off = break_off_content};

} // namespace detail
} // namespace testing
} // namespace sdk_v0
} // namespace mortise
