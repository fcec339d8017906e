// SPDX-License-Identifier: BSL-1.0
// Commands by TCP, from this machine alone.
#pragma once

#include "admin/listener.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/result.hpp>

#include <memory>
#include <string>

namespace mortise::admin {

// Reads "127.0.0.1:9090" or "[::1]:9090"; port 0 is any free one. The error is a line for people:
// what is wrong, and what is right.
boost::system::result<boost::asio::ip::tcp::endpoint, std::string>
parse_loopback(const std::string& text);

// Listens there. The error likewise.
boost::system::result<std::shared_ptr<listener>, std::string>
listen_on_loopback(boost::asio::io_context& control, const std::string& where);

// "http://127.0.0.1:9090/", with the real port.
std::string url_of(const listener& at);

} // namespace mortise::admin
