// SPDX-License-Identifier: BSL-1.0
// Copying short texts without a call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace mortise::base {

namespace detail {
// Two pieces that may overlap, one at each end: any size from sizeof(Piece) to twice that.
template <class Piece>
void copy_ends(char* to, const char* from, std::size_t size) noexcept {
    Piece first;
    Piece last;
    std::memcpy(&first, from, sizeof first);
    std::memcpy(&last, from + size - sizeof last, sizeof last);
    std::memcpy(to, &first, sizeof first);
    std::memcpy(to + size - sizeof last, &last, sizeof last);
}
struct sixteen_bytes {
    std::uint64_t halves[2];
};
} // namespace detail

// Copies `text` to `to` and returns where it ends there. The texts of a message are mostly shorter
// than what a call of memcpy() pays for. An empty view may be null.
[[gnu::always_inline]] inline char* copy_text(char* to, std::string_view text) noexcept {
    const std::size_t size = text.size();
    const char* const from = text.data();
    if (size > 32) {
        std::memcpy(to, from, size);
    } else if (size >= 16) {
        detail::copy_ends<detail::sixteen_bytes>(to, from, size);
    } else if (size >= 8) {
        detail::copy_ends<std::uint64_t>(to, from, size);
    } else if (size >= 4) {
        detail::copy_ends<std::uint32_t>(to, from, size);
    } else {
        for (std::size_t at = 0; at < size; ++at) {
            to[at] = from[at];
        }
    }
    return to + size;
}

} // namespace mortise::base
