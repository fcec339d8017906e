// SPDX-License-Identifier: BSL-1.0
// A peer's address, small enough to stand in every connection.
#pragma once

#include <array>
#include <cstdint>

struct sockaddr;

namespace mortise::net {

enum class address_family : std::uint8_t { none, v4, v6, local };

// An IP address in network byte order (the first 4 bytes with v4) and a port.
struct address {
    std::array<std::uint8_t, 16> bytes{};
    std::uint16_t port = 0;
    address_family family = address_family::none;
};

address make_address(const sockaddr& from) noexcept;

} // namespace mortise::net
