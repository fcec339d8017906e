// SPDX-License-Identifier: BSL-1.0
// Binding and accepting.
#include "net/listener.hpp"

#include "async/loop.hpp"

#include <boost/system/system_error.hpp>

#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <new>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace mortise::net {

namespace {

constexpr int backlog = 4096;        // the kernel cuts it to net.core.somaxconn
constexpr int accepted_at_once = 64; // then other events have their turn
constexpr std::chrono::milliseconds recovery_time{100};

using endpoint = boost::asio::ip::tcp::endpoint;

void switch_on(int descriptor, int level, int option) noexcept {
    const int on = 1;
    ::setsockopt(descriptor, level, option, &on, sizeof on);
}

// Shared: listens, as one of several. Not shared: only claims the address.
base::result<int> open_bound_socket(const endpoint& at, bool shared) {
    const int descriptor =
        ::socket(at.protocol().family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
    if (descriptor < 0) {
        return base::last_system_error();
    }
    switch_on(descriptor, SOL_SOCKET, SO_REUSEADDR);
    if (shared) {
        switch_on(descriptor, SOL_SOCKET, SO_REUSEPORT);
    }
    if (at.protocol() == boost::asio::ip::tcp::v6()) {
        switch_on(descriptor, IPPROTO_IPV6, IPV6_V6ONLY);
    }
    if (::bind(descriptor, at.data(), static_cast<socklen_t>(at.size())) != 0 ||
        (shared && ::listen(descriptor, backlog) != 0)) {
        const auto error = base::last_system_error();
        ::close(descriptor);
        return error;
    }
    return descriptor;
}

} // namespace

base::result<int> open_listening_socket(const endpoint& at) {
    const auto opened = open_bound_socket(at, true);
    if (opened) {
        switch_on(*opened, IPPROTO_TCP, TCP_NODELAY); // accepted sockets inherit it
    }
    return opened;
}

base::result<void> probe_address(const endpoint& at) {
    const auto opened = open_bound_socket(at, false);
    if (!opened) {
        return opened.error();
    }
    ::close(*opened);
    return {};
}

base::result<endpoint> local_endpoint(int descriptor) {
    endpoint at;
    auto size = static_cast<socklen_t>(at.capacity());
    if (::getsockname(descriptor, at.data(), &size) != 0) {
        return base::last_system_error();
    }
    at.resize(size);
    return at;
}

listener::listener(async::loop& loop, readiness& ready, int descriptor, accept_handler& handler)
    : readiness_{ready}, descriptor_{descriptor}, recovery_{loop.context()}, handler_{handler} {
    if (const auto watched = readiness_.watch(descriptor, *this); !watched) {
        close();
        throw boost::system::system_error{watched.error(), "epoll"};
    }
}

void listener::close() noexcept {
    if (descriptor_ >= 0) {
        readiness_.forget(descriptor_, *this);
        ::close(std::exchange(descriptor_, -1));
        recovery_.cancel();
    }
}

void listener::finish() noexcept {
    for (int count = 0; count < backlog; ++count) {
        const auto now = accept_next();
        if (now == outcome::nothing || now == outcome::exhausted) {
            break;
        }
    }
    close();
}

void listener::resume() {
    if (std::exchange(paused_, false)) {
        accept_waiting();
    }
}

void listener::on_ready(ready_events /*events*/) noexcept {
    if (!paused_) {
        accept_waiting();
    }
}

listener::outcome listener::accept_next() noexcept {
    sockaddr_storage from;
    socklen_t size = sizeof from;
    const int accepted = ::accept4(descriptor_, reinterpret_cast<sockaddr*>(&from), &size,
                                   SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (accepted >= 0) {
        handler_.on_accept(accepted, make_address(reinterpret_cast<const sockaddr&>(from)));
        return outcome::accepted;
    }
    switch (errno) {
    case EAGAIN:
    case EBADF: // it is closed
        return outcome::nothing;
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
        return outcome::exhausted;
    default: // this one connection failed before it was accepted; the next may be well
        return outcome::failed;
    }
}

void listener::accept_waiting() noexcept {
    if (descriptor_ < 0) {
        return;
    }
    for (int count = 0; count < accepted_at_once; ++count) {
        if (!handler_.has_room()) {
            paused_ = true;
            return;
        }
        const auto now = accept_next();
        if (now == outcome::nothing) {
            return;
        }
        if (now == outcome::exhausted) {
            return wait_for_recovery();
        }
    }
    readiness_.tell_again(descriptor_, *this);
}

void listener::wait_for_recovery() noexcept {
    try {
        recovery_.expires_after(recovery_time);
        recovery_.async_wait([this, life = std::weak_ptr{life_}](const auto& error) {
            if (!error && !life.expired()) {
                accept_waiting();
            }
        });
    } catch (const std::bad_alloc&) { // the next connection that arrives is the next attempt
    }
}

} // namespace mortise::net
