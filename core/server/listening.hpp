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
class handed_sockets;
class inherited_sockets;
} // namespace mortise::net

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
// which the loops share. Where sockets of `handed` listen there already, they are taken: such a TCP
// port may have fewer than there are loops until open_missing(), and the file of such a unix socket
// is left alone until own_file(). The error is a line for people: what failed, and what to do.
// [control]
boost::system::result<listening, std::string>
open_listening(const net::listener_settings& asked, const net::inherited_sockets& inherited,
               net::handed_sockets& handed, std::size_t loops);

// A socket for each loop that has none of a TCP port. Who connects may come to any of them, so
// that they are to be served from then on. [control]
void open_missing(listening& taken);
// Gives the file of a unix socket that is answered for the mode of its settings. A clause for
// people, which the log has too: the mode that it has now, or why it has not; empty: it had that
// already. [control]
std::string apply_mode(const listening& of);
// Answers for the file of a unix socket, which has the mode of its settings from then on. [control]
void own_file(listening& taken);

// Closes those that nobody has taken over.
void close_sockets(const listening& unused) noexcept;

} // namespace mortise::server
