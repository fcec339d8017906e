// SPDX-License-Identifier: BSL-1.0
// Commands by TCP, from this machine alone.
#pragma once

#include "admin/listener.hpp"
#include "base/descriptor.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/system/result.hpp>

#include <memory>
#include <string>

namespace mortise::admin {

// Listens at "127.0.0.1:9090" or "[::1]:9090" (net::parse_loopback). The error is a line for
// people.
boost::system::result<std::shared_ptr<listener>, std::string>
listen_on_loopback(boost::asio::io_context& control, const std::string& where);

// The same by a socket of another host that listens there.
boost::system::result<std::shared_ptr<listener>, std::string>
adopt_on_loopback(boost::asio::io_context& control, const std::string& where,
                  base::descriptor listening);

// "http://127.0.0.1:9090/", with the real port.
std::string url_of(const listener& at);

} // namespace mortise::admin
