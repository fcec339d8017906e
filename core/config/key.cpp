// SPDX-License-Identifier: BSL-1.0
// Basic strings of TOML.
#include "config/key.hpp"

namespace mortise::config {

std::string toml_text(std::string_view text) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string made = "\"";
    for (const char octet : text) {
        const auto code = static_cast<unsigned char>(octet);
        if (octet == '"' || octet == '\\') {
            made += '\\';
            made += octet;
        } else if (code < 0x20 || code == 0x7f) {
            made += "\\u00";
            made += hex[code >> 4];
            made += hex[code & 15];
        } else {
            made += octet;
        }
    }
    return made + '"';
}

std::string toml_text(std::span<const std::string> texts) {
    std::string made = "[";
    for (const std::string& each : texts) {
        made += (made.size() == 1 ? "" : ", ") + toml_text(each);
    }
    return made + ']';
}

} // namespace mortise::config
