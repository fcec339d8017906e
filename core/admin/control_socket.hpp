// SPDX-License-Identifier: BSL-1.0
// The host's unix socket for who operates it: HTTP/1.1 with JSON (docs/admin.md).
#pragma once

#include "admin/command.hpp"
#include "admin/listener.hpp"
#include "net/handed_sockets.hpp"
#include "net/socket_file.hpp"

#include <boost/asio/io_context.hpp>
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
    // Listens by a socket of another host, whose file it leaves alone until own().
    static boost::system::result<std::unique_ptr<control_socket>, std::string>
    adopt(boost::asio::io_context& control, const std::filesystem::path& file,
          base::descriptor listening);
    void own();

    control_socket(const control_socket&) = delete;
    control_socket& operator=(const control_socket&) = delete;

    // `handle` outlives every connection.
    void start(command_handler handle);

    // For another process, which answers for the file from close() on, unless that goes.
    net::socket_offer offer() const;
    void close(bool removes_file) noexcept;

private:
    control_socket(boost::asio::io_context& control, std::filesystem::path file);

    const std::filesystem::path path_;
    const std::shared_ptr<listener> listener_;
    net::socket_file file_; // removed with this
};

} // namespace mortise::admin
