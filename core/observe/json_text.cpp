// SPDX-License-Identifier: BSL-1.0
// Escaping for JSON.
#include "observe/json_text.hpp"

#include "base/hex.hpp"
#include "base/utf8.hpp"

namespace mortise::observe {

using base::hex_digits;

base::pen write_json_text(base::pen to, std::string_view text) noexcept {
    while (!text.empty()) {
        const auto plain = plain_part(text);
        to << plain;
        text.remove_prefix(plain.size());
        if (text.empty()) {
            break;
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
    return to;
}

} // namespace mortise::observe
