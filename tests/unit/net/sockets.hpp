// SPDX-License-Identifier: BSL-1.0
// Descriptors that a test owns, and the client's calls on them.
#pragma once

#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace mortise::net::test {

using endpoint = boost::asio::ip::tcp::endpoint;

class descriptor {
public:
    explicit descriptor(int number = -1) noexcept : number_{number} {}
    descriptor(descriptor&& other) noexcept : number_{other.release()} {}
    descriptor& operator=(descriptor&& other) noexcept {
        reset(other.release());
        return *this;
    }
    ~descriptor() { reset(); }

    int get() const noexcept { return number_; }
    int release() noexcept { return std::exchange(number_, -1); }
    void reset(int number = -1) noexcept {
        if (number_ >= 0) {
            ::close(number_);
        }
        number_ = number;
    }

private:
    int number_;
};

// Two connected ends; the first is non-blocking, for the host.
struct socket_pair {
    socket_pair() {
        std::array<int, 2> ends{};
        EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
        host.reset(ends[0]);
        client.reset(ends[1]);
        EXPECT_EQ(::fcntl(host.get(), F_SETFL, O_NONBLOCK), 0);
    }
    descriptor host;
    descriptor client;
};

inline void send_all(const descriptor& to, std::string_view bytes) {
    EXPECT_EQ(::send(to.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
}

// Waits until `size` bytes have come, or the end.
inline std::string receive(const descriptor& from, std::size_t size) {
    std::string bytes(size, '\0');
    const auto got = ::recv(from.get(), bytes.data(), size, MSG_WAITALL);
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
}

// A blocking client, connected to a listening socket: the kernel does not wait for an accept.
inline descriptor connect_to(const endpoint& at) {
    descriptor client{::socket(at.protocol().family(), SOCK_STREAM | SOCK_CLOEXEC, 0)};
    EXPECT_GE(client.get(), 0);
    EXPECT_EQ(::connect(client.get(), at.data(), static_cast<socklen_t>(at.size())), 0);
    return client;
}

} // namespace mortise::net::test
