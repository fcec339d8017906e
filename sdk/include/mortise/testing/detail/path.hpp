// SPDX-License-Identifier: BSL-1.0
// From a request's target to its path, as the host reads it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {
namespace detail {

constexpr int hex_value(char digit) noexcept {
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    const char lower = static_cast<char>(digit | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// Letters, digits and '-', '.', '_', '~' (RFC 3986, 2.3).
constexpr bool is_unreserved(char byte) noexcept {
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
           (byte >= 'A' && byte <= 'Z') ||
           std::string_view{"-._~"}.find(byte) != std::string_view::npos;
}

inline bool is_percent_encoded(std::string_view text) noexcept {
    for (auto at = text.find('%'); at != text.npos; at = text.find('%', at + 3)) {
        if (text.size() - at < 3 || hex_value(text[at + 1]) < 0 || hex_value(text[at + 2]) < 0) {
            return false;
        }
    }
    return true;
}

// Replaces the escapes of bytes that `may_be_decoded`. They were checked by is_percent_encoded().
std::string percent_decode(std::string_view text, auto may_be_decoded) {
    std::string decoded;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '%') {
            const int value = hex_value(text[at + 1]) * 16 + hex_value(text[at + 2]);
            const auto byte = static_cast<char>(static_cast<unsigned char>(value));
            if (may_be_decoded(byte)) {
                decoded += byte;
                at += 2;
                continue;
            }
        }
        decoded += text[at];
    }
    return decoded;
}
inline std::string percent_decode(std::string_view text) {
    return percent_decode(text, [](char) { return true; });
}

// RFC 3986, 5.2.4; escapes of unreserved characters are decoded.
inline std::string normalise_path(std::string_view path) {
    std::string kept;
    while (!path.empty()) {
        path.remove_prefix(1); // the slash
        const std::string segment = percent_decode(path.substr(0, path.find('/')), is_unreserved);
        path.remove_prefix(std::min(path.find('/'), path.size()));
        if (segment != "." && segment != "..") {
            kept += '/' + segment;
            continue;
        }
        if (segment == "..") {
            kept.erase(std::min(kept.rfind('/'), kept.size()));
        }
        if (path.empty()) {
            kept += '/';
        }
    }
    return kept;
}

struct target {
    std::string path;
    std::string query;
};

// Nothing: the target breaks a rule, and the host would answer 400.
inline std::optional<target> read_target(std::string_view text) {
    const bool has_bad_byte = text.find_first_of(std::string_view{" \t\r\n\0#", 6}) != text.npos;
    if (text == "*") {
        return target{"*", ""};
    }
    if (!text.starts_with('/') || has_bad_byte || !is_percent_encoded(text)) {
        return std::nullopt;
    }
    const auto end = std::min(text.find('?'), text.size());
    return target{normalise_path(text.substr(0, end)),
                  std::string{text.substr(std::min(end + 1, text.size()))}};
}

} // namespace detail
} // namespace testing
} // namespace sdk_v0
} // namespace mortise
