// SPDX-License-Identifier: BSL-1.0
// Splitting and judging an authority.
#include "http/authority.hpp"

#include "base/ascii.hpp"
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

// How long the registered name or IPv4 address at the front of `text` is; 0 if there is none.
std::size_t name_size(std::string_view text) noexcept {
    std::size_t size = 0;
    while (size < text.size()) {
        if (base::is_of(text[size], base::name_byte)) {
            ++size;
        } else if (text[size] == '%' && is_percent_encoded(text.substr(size, 3))) {
            size += 3;
        } else {
            break;
        }
    }
    return size;
}

// The same for an IPv6 address in brackets.
std::size_t literal_size(std::string_view text) noexcept {
    const auto end = text.find(']');
    return end != text.npos && is_ipv6(text.substr(1, end - 1)) ? end + 1 : 0;
}

bool is_port(std::string_view digits) noexcept {
    unsigned port = 0;
    for (const char digit : digits) {
        if (!base::is_of(digit, base::digit_byte) || port > 65535) {
            return false;
        }
        port = port * 10 + static_cast<unsigned>(digit - '0');
    }
    return port <= 65535;
}

} // namespace

std::optional<authority> split_authority(std::string_view text) noexcept {
    const auto host_size = text.starts_with('[') ? literal_size(text) : name_size(text);
    const auto host = text.substr(0, host_size);
    auto port = text.substr(host_size);
    if (host.empty() || (!port.empty() && port.front() != ':')) {
        return std::nullopt;
    }
    port.remove_prefix(port.empty() ? 0 : 1);
    if (!is_port(port)) {
        return std::nullopt;
    }
    return authority{host, port};
}

} // namespace mortise::http
