// SPDX-License-Identifier: BSL-1.0
// Splitting and judging an authority.
#include "http/authority.hpp"

#include "base/ascii.hpp"
#include "base/decimal.hpp"
#include "http/percent.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>

namespace mortise::http {

namespace {

bool is_ipv6(std::string_view text) noexcept {
    std::array<char, INET6_ADDRSTRLEN> room{};
    if (text.size() >= room.size()) {
        return false;
    }
    std::copy(text.begin(), text.end(), room.begin());
    in6_addr parsed;
    return ::inet_pton(AF_INET6, room.data(), &parsed) == 1;
}

bool is_registered_name(std::string_view text) noexcept {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char byte) {
        return base::is_of(byte, base::name_byte);
    }) && is_percent_encoded(text);
}

bool is_port(std::string_view digits) noexcept {
    return digits.empty() || base::parse_decimal(digits).value_or(65536) <= 65535;
}

} // namespace

std::optional<authority> split_authority(std::string_view text) noexcept {
    authority split{text, {}};
    const bool literal = text.starts_with('[');
    const auto host_end = literal ? text.find(']') : text.find(':');
    const auto colon = literal && host_end != text.npos ? host_end + 1 : host_end;
    if (colon < text.size()) {
        if (text[colon] != ':') {
            return std::nullopt;
        }
        split = {text.substr(0, colon), text.substr(colon + 1)};
    }
    const bool valid = literal ? host_end != text.npos && is_ipv6(text.substr(1, host_end - 1))
                               : is_registered_name(split.host);
    if (!valid || !is_port(split.port)) {
        return std::nullopt;
    }
    return split;
}

} // namespace mortise::http
