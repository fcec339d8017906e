// SPDX-License-Identifier: BSL-1.0
// Where the host listens: from "localhost:8080" to listening sockets.
#pragma once

#include <boost/system/result.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace mortise::server {

// The listening sockets of all loops.
struct listening {
    std::vector<std::vector<int>> sockets; // by loop; whoever takes one over closes it
    std::string url;                       // "http://localhost:8080/", with the real port
};

// Opens a socket for each loop at each address that `listen` ("NAME:PORT", "1.2.3.4:PORT",
// "[V6]:PORT") stands for. The error is a line for people: what failed, and what to do.
boost::system::result<listening, std::string> open_listening(const std::string& listen,
                                                             std::size_t loops);

} // namespace mortise::server
