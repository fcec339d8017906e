// SPDX-License-Identifier: BSL-1.0
// The host's unix socket for who operates it: HTTP/1.1 with JSON.
#pragma once

#include "admin/command.hpp"
#include "net/socket_file.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/system/result.hpp>

#include <filesystem>
#include <memory>
#include <string>

namespace mortise::admin {

// Who may open the file may command the host: it is of mode 0660. Everything [control].
class control_socket {
public:
    // Listens at `file`, in the place of a socket that nobody listens at any more. The error is a
    // line for people. What is asked before start() waits.
    static boost::system::result<std::unique_ptr<control_socket>, std::string>
    open(boost::asio::io_context& control, const std::filesystem::path& file);

    control_socket(const control_socket&) = delete;
    control_socket& operator=(const control_socket&) = delete;
    // Connections end with `control`.
    ~control_socket() = default;

    // `handle` outlives every connection.
    void start(command_handler handle);

private:
    explicit control_socket(boost::asio::io_context& control);
    void accept_next();

    boost::asio::local::stream_protocol::acceptor acceptor_;
    net::socket_file file_;
    std::shared_ptr<const command_handler> handle_;
};

} // namespace mortise::admin
