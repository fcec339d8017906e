// SPDX-License-Identifier: BSL-1.0
// Accepting, as long as there is room.
#include "admin/listener.hpp"

#include "admin/connection.hpp"

#include <boost/asio/error.hpp>

#include <chrono>
#include <fcntl.h>
#include <utility>

namespace mortise::admin {

namespace {

constexpr std::chrono::milliseconds pause{100};

// Plugins are tried in child processes, which are to have no part in this.
void keep_from_children(int descriptor) noexcept {
    ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

} // namespace

// Held by a connection as long as it is there.
class listener::place {
public:
    explicit place(listener& of) : of_{of.weak_from_this()} { ++of.open_; }
    place(const place&) = delete;
    place& operator=(const place&) = delete;
    ~place() {
        if (const auto there = of_.lock()) {
            there->on_end();
        }
    }

private:
    const std::weak_ptr<listener> of_;
};

boost::system::error_code listener::open(const protocol::endpoint& at) {
    boost::system::error_code error;
    acceptor_.open(at.protocol(), error);
    if (error) {
        return error;
    }
    keep_from_children(acceptor_.native_handle());
    acceptor_.set_option(boost::asio::socket_base::reuse_address{true}, error);
    acceptor_.bind(at, error);
    if (!error) {
        acceptor_.listen(boost::asio::socket_base::max_listen_connections, error);
    }
    return error;
}

boost::system::error_code listener::adopt(const protocol& of, base::descriptor listening) {
    boost::system::error_code error;
    acceptor_.assign(of, listening.number(), error);
    if (!error) {
        listening.release();
    }
    return error;
}

// Not by the acceptor: that takes a socket for gone that is closed, and another process has it.
void listener::close() noexcept {
    boost::system::error_code error;
    if (acceptor_.is_open()) {
        const base::descriptor closed{acceptor_.release(error)};
    }
}

void listener::start(command_handler handle, access terms) {
    service_ = std::make_shared<service>(service{std::move(handle), std::move(terms)});
    accept_next();
}

void listener::set_token(std::string token) {
    service_->terms.token = std::move(token);
}

void listener::accept_next() {
    is_accepting_ = acceptor_.is_open() && open_ < most_connections;
    if (!is_accepting_) {
        return; // until a connection ends
    }
    acceptor_.async_accept(
        [self = weak_from_this()](const boost::system::error_code& error, protocol::socket socket) {
            const auto there = self.lock();
            if (!there || error == boost::asio::error::operation_aborted) {
                return;
            }
            if (error) {
                return there->accept_later();
            }
            keep_from_children(socket.native_handle());
            serve(std::move(socket), there->service_, std::make_shared<place>(*there));
            there->accept_next();
        });
}

// The process is out of descriptors: at once it would be again.
void listener::accept_later() {
    pause_.expires_after(pause);
    pause_.async_wait([self = weak_from_this()](const boost::system::error_code& error) {
        const auto there = self.lock();
        if (there && !error) {
            there->accept_next();
        }
    });
}

void listener::on_end() noexcept {
    --open_;
    if (!is_accepting_) {
        accept_next();
    }
}

} // namespace mortise::admin
