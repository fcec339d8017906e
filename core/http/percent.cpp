// SPDX-License-Identifier: BSL-1.0
// Checking and decoding escapes.
#include "http/percent.hpp"

#include "base/ascii.hpp"

namespace mortise::http {

namespace {
std::string_view decode(std::string_view text, base::arena& memory, bool keeps_slashes) {
    if (text.find('%') == text.npos) {
        return text;
    }
    const auto room = memory.array<char>(text.size());
    std::size_t size = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        room[size] = text[at];
        if (text[at] == '%') {
            const auto byte = static_cast<char>(percent_byte(text[at + 1], text[at + 2]));
            if (byte != '/' || !keeps_slashes) {
                room[size] = byte;
                at += 2;
            }
        }
        ++size;
    }
    return {room.data(), size};
}
} // namespace

bool is_percent_encoded(std::string_view text) noexcept {
    for (auto at = text.find('%'); at != text.npos; at = text.find('%', at + 3)) {
        if (text.size() - at < 3 || !base::is_of(text[at + 1], base::hex_byte) ||
            !base::is_of(text[at + 2], base::hex_byte)) {
            return false;
        }
    }
    return true;
}

unsigned char percent_byte(char high, char low) noexcept {
    return static_cast<unsigned char>(base::hex_value(high) * 16 + base::hex_value(low));
}

std::string_view percent_decode(std::string_view text, base::arena& memory) {
    return decode(text, memory, false);
}

std::string_view percent_decode_path(std::string_view text, base::arena& memory) {
    return decode(text, memory, true);
}

} // namespace mortise::http
