// SPDX-License-Identifier: BSL-1.0
// A socket where commands come in.
#pragma once

#include "admin/access.hpp"
#include "admin/command.hpp"
#include "base/descriptor.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <memory>
#include <string>

namespace mortise::admin {

struct service;

// Owned by a shared pointer, and let go of by its connections when it is not there any more.
// Everything [control].
class listener : public std::enable_shared_from_this<listener> {
public:
    static constexpr std::size_t most_connections = 64; // more wait in the kernel

    using protocol = boost::asio::generic::stream_protocol;

    explicit listener(boost::asio::io_context& control) : acceptor_{control}, pause_{control} {}

    // Listens. What is asked before start() waits.
    boost::system::error_code open(const protocol::endpoint& at);
    // Takes over a socket that listens already.
    boost::system::error_code adopt(const protocol& of, base::descriptor listening);
    // Accepts no more, though another process may; connections live on.
    void close() noexcept;
    int descriptor() { return acceptor_.native_handle(); }
    protocol::endpoint local_endpoint() const { return acceptor_.local_endpoint(); }

    // `handle` outlives every connection.
    void start(command_handler handle, access terms);
    // Of connections that are open, too; once it is started.
    void set_token(std::string token);

private:
    class place;

    void accept_next();
    void accept_later();
    void on_end() noexcept;

    boost::asio::basic_socket_acceptor<protocol> acceptor_;
    boost::asio::steady_timer pause_;
    std::shared_ptr<service> service_;
    std::size_t open_ = 0;
    bool is_accepting_ = false;
};

} // namespace mortise::admin
