// SPDX-License-Identifier: BSL-1.0
// What of a text is UTF-8 (RFC 3629).
#pragma once

#include <cstddef>
#include <string_view>

namespace mortise::base {

// How many bytes the UTF-8 sequence at the front of `text` takes, which is not empty and
// begins with no byte of ASCII; 0 if there is none.
inline std::size_t utf8_sequence_size(std::string_view text) noexcept {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const std::size_t size = byte(0) >= 0xf0 ? 4 : byte(0) >= 0xe0 ? 3 : 2;
    if (byte(0) < 0xc2 || byte(0) > 0xf4 || text.size() < size) {
        return 0;
    }
    for (std::size_t at = 1; at < size; ++at) {
        if ((byte(at) & 0xc0) != 0x80) {
            return 0;
        }
    }
    const bool overlong =
        (byte(0) == 0xe0 && byte(1) < 0xa0) || (byte(0) == 0xf0 && byte(1) < 0x90);
    const bool surrogate = byte(0) == 0xed && byte(1) > 0x9f;
    const bool too_large = byte(0) == 0xf4 && byte(1) > 0x8f;
    return overlong || surrogate || too_large ? 0 : size;
}

} // namespace mortise::base
