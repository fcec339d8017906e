// SPDX-License-Identifier: BSL-1.0
// A peer's address, small enough to stand in every connection.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

struct sockaddr;

namespace mortise::net {

enum class address_family : std::uint8_t { none, v4, v6, local };

// An IP address in network byte order (the first 4 bytes with v4) and a port.
struct address {
    std::array<std::uint8_t, 16> bytes{};
    std::uint16_t port = 0;
    address_family family = address_family::none;

    friend bool operator==(const address&, const address&) = default;
};

// An IPv4 address that comes as IPv6 (::ffff:192.0.2.1), as it does from a socket of both families,
// is one of IPv4 here and in all that follows.
address make_address(const sockaddr& from) noexcept;
address make_v4(std::array<std::uint8_t, 4> bytes, std::uint16_t port) noexcept;
address make_v6(const std::array<std::uint8_t, 16>& bytes, std::uint16_t port) noexcept;

// "192.0.2.1" or "2001:db8::1", without brackets, zone and port. Nothing where it is neither.
std::optional<address> parse_address(std::string_view text) noexcept;

// How an address is written for people, without its port: "unix" for a peer at a unix socket, "-"
// for none. Lies in `room`, or lasts.
using address_text_room = std::array<char, 46>;
std::string_view address_text(const address& of, address_text_room& room) noexcept;

} // namespace mortise::net
