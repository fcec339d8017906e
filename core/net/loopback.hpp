// SPDX-License-Identifier: BSL-1.0
// Addresses that only this machine reaches.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/system/result.hpp>

#include <string>

namespace mortise::net {

// Reads "127.0.0.1:9090" or "[::1]:9090"; port 0 is any free one. The error is a line for people:
// what is wrong, and what is right.
boost::system::result<boost::asio::ip::tcp::endpoint, std::string>
parse_loopback(const std::string& text);

} // namespace mortise::net
