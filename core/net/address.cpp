// SPDX-License-Identifier: BSL-1.0
// From the kernel's address to ours.
#include "net/address.hpp"

#include <arpa/inet.h>
#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>

namespace mortise::net {

address make_address(const sockaddr& from) noexcept {
    address to;
    if (from.sa_family == AF_INET) {
        sockaddr_in v4;
        std::memcpy(&v4, &from, sizeof v4);
        std::memcpy(to.bytes.data(), &v4.sin_addr, sizeof v4.sin_addr);
        to.port = ntohs(v4.sin_port);
        to.family = address_family::v4;
    } else if (from.sa_family == AF_INET6) {
        sockaddr_in6 v6;
        std::memcpy(&v6, &from, sizeof v6);
        std::memcpy(to.bytes.data(), &v6.sin6_addr, sizeof v6.sin6_addr);
        to.port = ntohs(v6.sin6_port);
        to.family = address_family::v6;
    } else if (from.sa_family == AF_UNIX) {
        to.family = address_family::local;
    }
    return to;
}

} // namespace mortise::net
