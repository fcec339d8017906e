// SPDX-License-Identifier: BSL-1.0
// From the kernel's address and from text to ours.
#include "net/address.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>
#include <tuple>

namespace mortise::net {

address make_v4(std::array<std::uint8_t, 4> bytes, std::uint16_t port) noexcept {
    address to;
    std::ranges::copy(bytes, to.bytes.begin());
    to.port = port;
    to.family = address_family::v4;
    return to;
}

address make_v6(const std::array<std::uint8_t, 16>& bytes, std::uint16_t port) noexcept {
    constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (std::equal(mapped.begin(), mapped.end(), bytes.begin())) { // RFC 4291, 2.5.5.2
        return make_v4({bytes[12], bytes[13], bytes[14], bytes[15]}, port);
    }
    return {bytes, port, address_family::v6};
}

address make_address(const sockaddr& from) noexcept {
    if (from.sa_family == AF_INET) {
        sockaddr_in v4;
        std::memcpy(&v4, &from, sizeof v4);
        std::array<std::uint8_t, 4> bytes;
        std::memcpy(bytes.data(), &v4.sin_addr, sizeof v4.sin_addr);
        return make_v4(bytes, ntohs(v4.sin_port));
    }
    if (from.sa_family == AF_INET6) {
        sockaddr_in6 v6;
        std::memcpy(&v6, &from, sizeof v6);
        std::array<std::uint8_t, 16> bytes;
        std::memcpy(bytes.data(), &v6.sin6_addr, sizeof v6.sin6_addr);
        return make_v6(bytes, ntohs(v6.sin6_port));
    }
    address to;
    if (from.sa_family == AF_UNIX) {
        to.family = address_family::local;
    }
    return to;
}

std::optional<address> parse_address(std::string_view text) noexcept {
    std::array<char, INET6_ADDRSTRLEN> room;
    if (text.size() >= room.size() || text.find('\0') != text.npos) {
        return std::nullopt;
    }
    *std::ranges::copy(text, room.begin()).out = '\0';
    std::array<std::uint8_t, 4> v4;
    if (::inet_pton(AF_INET, room.data(), v4.data()) == 1) {
        return make_v4(v4, 0);
    }
    std::array<std::uint8_t, 16> v6;
    if (::inet_pton(AF_INET6, room.data(), v6.data()) == 1) {
        return make_v6(v6, 0);
    }
    return std::nullopt;
}

std::string_view address_text(const address& of, address_text_room& room) noexcept {
    static_assert(std::tuple_size_v<address_text_room> == INET6_ADDRSTRLEN);
    switch (of.family) {
    case address_family::v4:
        return ::inet_ntop(AF_INET, of.bytes.data(), room.data(),
                           static_cast<socklen_t>(room.size()));
    case address_family::v6:
        return ::inet_ntop(AF_INET6, of.bytes.data(), room.data(),
                           static_cast<socklen_t>(room.size()));
    case address_family::local:
        return "unix";
    case address_family::none:
        break;
    }
    return "-";
}

} // namespace mortise::net
