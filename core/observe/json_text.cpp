// SPDX-License-Identifier: BSL-1.0
// Escaping for JSON.
#include "observe/json_text.hpp"

#include "base/hex.hpp"
#include "base/utf8.hpp"

namespace mortise::observe {

namespace {

using base::hex_digits;

bool is_plain(char byte) noexcept {
    return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

} // namespace

std::string_view plain_part(std::string_view text) noexcept {
    std::size_t size = 0;
    while (size < text.size() && is_plain(text[size])) {
        ++size;
    }
    return text.substr(0, size);
}

void write_json_text(base::pen& to, std::string_view text) noexcept {
    while (!text.empty()) {
        const auto plain = plain_part(text);
        to << plain;
        text.remove_prefix(plain.size());
        if (text.empty()) {
            return;
        }
        const auto code = static_cast<unsigned char>(text.front());
        std::size_t size = code >= 0x80 ? base::utf8_sequence_size(text) : 0;
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
