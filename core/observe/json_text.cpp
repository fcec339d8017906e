// SPDX-License-Identifier: BSL-1.0
// Escaping for JSON.
#include "observe/json_text.hpp"

namespace mortise::observe {

namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

bool is_plain(char byte) noexcept {
    return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

// What needs no escape at the front of `text`, which is mostly all of it.
std::string_view plain_part(std::string_view text) noexcept {
    std::size_t size = 0;
    while (size < text.size() && is_plain(text[size])) {
        ++size;
    }
    return text.substr(0, size);
}

// How many bytes the UTF-8 sequence at the front of `text` takes; 0 if there is none (RFC 3629).
std::size_t sequence_size(std::string_view text) noexcept {
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

} // namespace

void write_json_text(base::pen& to, std::string_view text) noexcept {
    while (!text.empty()) {
        const auto plain = plain_part(text);
        to << plain;
        text.remove_prefix(plain.size());
        if (text.empty()) {
            return;
        }
        const auto code = static_cast<unsigned char>(text.front());
        std::size_t size = code >= 0x80 ? sequence_size(text) : 0;
        if (size != 0) {
            to << text.substr(0, size);
        } else {
            to << "\\u00" << hex_digits[code >> 4] << hex_digits[code & 15];
            size = 1;
        }
        text.remove_prefix(size);
    }
}

} // namespace mortise::observe
