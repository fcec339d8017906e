// SPDX-License-Identifier: BSL-1.0
// One place where the host listens: from "localhost:8080" to listening sockets.
#pragma once

#include "net/listener_settings.hpp"
#include "net/socket_file.hpp"

#include <boost/system/result.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace mortise::net {
class inherited_sockets;
}

namespace mortise::server {

// The listening sockets of all loops for one listener.
struct listening {
    net::listener_settings settings;
    net::listener_number number = 0;       // no other of the host has it
    std::vector<std::vector<int>> sockets; // by loop; whoever takes one over closes it
    // All loops accept from one queue; else each has its own, whose clients wait for that loop.
    bool is_shared = false;
    std::string url; // "http://localhost:8080/", with the real port, or "unix:/path/file.sock"
    net::socket_file file; // removed with this

    bool is_tcp() const noexcept { return url.starts_with("http://"); }
};

// Opens what `asked` stands for, at each address of a name. A TCP port has a socket for each loop,
// which the kernel spreads connections over; a unix socket, and each that was inherited, is one,
// which the loops share. The error is a line for people: what failed, and what to do. [control]
boost::system::result<listening, std::string>
open_listening(const net::listener_settings& asked, const net::inherited_sockets& inherited,
               std::size_t loops);

// Closes those that nobody has taken over.
void close_sockets(const listening& unused) noexcept;

} // namespace mortise::server
