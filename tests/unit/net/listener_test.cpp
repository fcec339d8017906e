// SPDX-License-Identifier: BSL-1.0
// Listening on the loopback, with and without room.
#include "async/loop.hpp"
#include "net/listener.hpp"
#include "unit/net/sockets.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <gtest/gtest.h>
#include <memory>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <vector>

namespace mortise::net {
namespace {

using test::connect_to;
using test::descriptor;
using test::endpoint;

const endpoint any_loopback{boost::asio::ip::address_v4::loopback(), 0};

class Listener : public testing::Test, public accept_handler, public batch_observer {
protected:
    async::loop loop{0};
    readiness ready{loop, *this};
    std::function<bool()> on_end = [] { return false; };
    std::vector<descriptor> accepted;
    std::vector<address> peers;
    std::size_t room = 1000;
    std::size_t awaited = 0;

    bool has_room() const noexcept override { return accepted.size() < room; }
    void on_accept(int taken, const address& peer) noexcept override {
        accepted.emplace_back(taken);
        peers.push_back(peer);
        if (accepted.size() == awaited) {
            loop.context().stop();
        }
    }

    void on_batch_begin(base::instant) noexcept override {}
    bool on_batch_end() noexcept override { return on_end(); }

    // Serves until `count` connections have been accepted.
    void serve_until(std::size_t count) {
        awaited = count;
        if (accepted.size() < count) {
            loop.context().restart();
            loop.context().run();
        }
        EXPECT_EQ(accepted.size(), count);
    }
    // Serves what there is now.
    void serve() {
        loop.context().restart();
        while (loop.context().poll() != 0) {
        }
    }
};

TEST_F(Listener, AcceptsWithThePeersAddress) {
    const int socket = *open_listening_socket(any_loopback);
    const auto at = *local_endpoint(socket);
    EXPECT_NE(at.port(), 0);
    listener listener{loop, ready, socket, *this};
    const auto client = connect_to(at);
    serve_until(1);
    const auto from = *local_endpoint(client.get());
    EXPECT_EQ(peers[0].family, address_family::v4);
    EXPECT_EQ(peers[0].port, from.port());
    EXPECT_EQ(peers[0].bytes, (std::array<std::uint8_t, 16>{127, 0, 0, 1}));
}

TEST_F(Listener, GivesSocketsThatNeitherBlockNorDelay) {
    const int socket = *open_listening_socket(any_loopback);
    listener listener{loop, ready, socket, *this};
    const auto client = connect_to(*local_endpoint(socket));
    serve_until(1);
    const int taken = accepted[0].get();
    EXPECT_NE(::fcntl(taken, F_GETFL) & O_NONBLOCK, 0);
    EXPECT_NE(::fcntl(taken, F_GETFD) & FD_CLOEXEC, 0);
    int no_delay = 0;
    socklen_t size = sizeof no_delay;
    ASSERT_EQ(::getsockopt(taken, IPPROTO_TCP, TCP_NODELAY, &no_delay, &size), 0);
    EXPECT_EQ(no_delay, 1);
}

// More than are accepted at one go.
TEST_F(Listener, AcceptsAllThatWait) {
    const int socket = *open_listening_socket(any_loopback);
    const auto at = *local_endpoint(socket);
    std::vector<descriptor> clients;
    for (int count = 0; count < 100; ++count) {
        clients.push_back(connect_to(at));
    }
    listener listener{loop, ready, socket, *this};
    serve_until(100);
}

// The context has one turn in all: connections that follow each other closely cost it none.
TEST_F(Listener, AcceptsBesideTheConnectionsThatAreServed) {
    const int socket = *open_listening_socket(any_loopback);
    const auto at = *local_endpoint(socket);
    listener listener{loop, ready, socket, *this};
    std::vector<descriptor> clients;
    clients.push_back(connect_to(at));
    on_end = [&] {
        if (clients.size() < 4) {
            clients.push_back(connect_to(at));
        }
        return true;
    };
    EXPECT_EQ(loop.context().run_one(), 1U);
    EXPECT_EQ(accepted.size(), 4U);
}

// 64 are accepted in a batch; those that are left over are told of in the next one.
TEST_F(Listener, LeavesOtherEventsTheirTurnWhileManyWait) {
    const int socket = *open_listening_socket(any_loopback);
    const auto at = *local_endpoint(socket);
    std::vector<descriptor> clients;
    for (int count = 0; count < 100; ++count) {
        clients.push_back(connect_to(at));
    }
    listener listener{loop, ready, socket, *this};
    std::vector<std::size_t> after;
    on_end = [&] {
        after.push_back(accepted.size());
        return false;
    };
    serve_until(100);
    ASSERT_GE(after.size(), 2U);
    EXPECT_EQ(after[0], 64U);
}

TEST_F(Listener, LeavesConnectionsInTheKernelWithoutRoom) {
    const int socket = *open_listening_socket(any_loopback);
    const auto at = *local_endpoint(socket);
    listener listener{loop, ready, socket, *this};
    room = 2;
    std::vector<descriptor> clients;
    for (int count = 0; count < 5; ++count) {
        clients.push_back(connect_to(at));
    }
    serve_until(2);
    serve();
    EXPECT_EQ(accepted.size(), 2U);
    room = 4;
    listener.resume();
    serve();
    EXPECT_EQ(accepted.size(), 4U);
    room = 1000;
    listener.resume();
    listener.resume();
    serve_until(5);
    clients.push_back(connect_to(at));
    serve_until(6);
}

TEST_F(Listener, IsNotResumedWhereItNeverPaused) {
    const int socket = *open_listening_socket(any_loopback);
    listener listener{loop, ready, socket, *this};
    listener.resume();
    const auto client = connect_to(*local_endpoint(socket));
    serve_until(1);
}

TEST_F(Listener, ClosesItsSocket) {
    const int socket = *open_listening_socket(any_loopback);
    const auto at = *local_endpoint(socket);
    { const listener listener{loop, ready, socket, *this}; }
    serve();
    const descriptor client{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    EXPECT_NE(::connect(client.get(), at.data(), static_cast<socklen_t>(at.size())), 0);
    EXPECT_EQ(errno, ECONNREFUSED);
}

// The events of two listeners come in one batch; who is told first destroys the other one.
TEST_F(Listener, MayBeDestroyedWhileItsBatchIsServed) {
    const int sockets[] = {*open_listening_socket(any_loopback),
                           *open_listening_socket(any_loopback)};
    const descriptor clients[] = {connect_to(*local_endpoint(sockets[0])),
                                  connect_to(*local_endpoint(sockets[1]))};
    struct rival final : accept_handler {
        bool has_room() const noexcept override { return true; }
        void on_accept(int taken, const address&) noexcept override {
            ::close(taken);
            ++count;
            other->reset();
        }
        std::unique_ptr<listener>* other = nullptr;
        int count = 0;
    };
    rival rivals[2];
    std::unique_ptr<listener> listeners[2];
    for (int at = 0; at < 2; ++at) {
        rivals[at].other = &listeners[1 - at];
        listeners[at] = std::make_unique<listener>(loop, ready, sockets[at], rivals[at]);
    }
    serve();
    EXPECT_EQ(rivals[0].count + rivals[1].count, 1);
}

TEST_F(Listener, AcceptsWhatWaitsBeforeItFinishes) {
    const int socket = *open_listening_socket(any_loopback);
    const auto at = *local_endpoint(socket);
    listener listener{loop, ready, socket, *this};
    room = 1;
    std::vector<descriptor> clients;
    for (int count = 0; count < 100; ++count) {
        clients.push_back(connect_to(at));
    }
    serve();
    EXPECT_EQ(accepted.size(), 1U);
    listener.finish();
    EXPECT_EQ(accepted.size(), 100U);
    const descriptor late{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    EXPECT_NE(::connect(late.get(), at.data(), static_cast<socklen_t>(at.size())), 0);
    listener.resume(); // nothing
    listener.finish();
    EXPECT_EQ(accepted.size(), 100U);
}

// The process may open no further descriptor while this lives.
class out_of_descriptors {
public:
    out_of_descriptors() {
        EXPECT_EQ(::getrlimit(RLIMIT_NOFILE, &before_), 0);
        const descriptor lowest_free{::dup(0)};
        const rlimit none{static_cast<rlim_t>(lowest_free.get()), before_.rlim_max};
        EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
    }
    ~out_of_descriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    out_of_descriptors(const out_of_descriptors&) = delete;
    out_of_descriptors& operator=(const out_of_descriptors&) = delete;

private:
    rlimit before_{};
};

// A first connection is served while there are descriptors: the sanitizer's check of a virtual
// call takes two of them when it sees a type for the first time.
TEST_F(Listener, SurvivesRunningOutOfDescriptors) {
    const int socket = *open_listening_socket(any_loopback);
    const auto at = *local_endpoint(socket);
    listener listener{loop, ready, socket, *this};
    std::vector<descriptor> clients;
    clients.push_back(connect_to(at));
    serve_until(1);
    serve();
    clients.push_back(connect_to(at));
    clients.push_back(connect_to(at));
    {
        const out_of_descriptors limit;
        const descriptor none{::dup(0)};
        ASSERT_EQ(none.get(), -1);
        serve();
        EXPECT_EQ(accepted.size(), 1U);
        listener.resume(); // a connection was closed meanwhile: changes nothing
        serve();
        EXPECT_EQ(accepted.size(), 1U);
    }
    serve_until(3);
    clients.push_back(connect_to(at));
    serve_until(4);
}

// Its wait for descriptors is over, and stands in the loop's queue, when it goes.
TEST_F(Listener, MayBeDestroyedWhileItWaitsForDescriptors) {
    const int socket = *open_listening_socket(any_loopback);
    const auto at = *local_endpoint(socket);
    auto waiting = std::make_unique<listener>(loop, ready, socket, *this);
    descriptor client = connect_to(at);
    serve_until(1);
    serve();
    client = connect_to(at);
    {
        const out_of_descriptors limit;
        serve();
    }
    // Both waits are over by the time that the loop looks, and this one, which is told first,
    // destroys the listener.
    boost::asio::steady_timer sooner{loop.context(), std::chrono::milliseconds{1}};
    sooner.async_wait([&](const auto&) { waiting.reset(); });
    boost::asio::post(loop.context(), [&] {
        boost::asio::steady_timer{loop.context(), std::chrono::milliseconds{150}}.wait();
    });
    serve();
    EXPECT_EQ(waiting, nullptr);
    EXPECT_EQ(accepted.size(), 1U);
}

TEST(ProbeAddress, FindsWhoeverListensThere) {
    const descriptor socket{*open_listening_socket(any_loopback)};
    const auto at = *local_endpoint(socket.get());
    const auto probed = probe_address(at);
    ASSERT_FALSE(probed);
    EXPECT_EQ(probed.error(), boost::system::errc::address_in_use);
}

TEST(ProbeAddress, LeavesAFreeAddressFree) {
    endpoint at;
    {
        const descriptor socket{*open_listening_socket(any_loopback)};
        at = *local_endpoint(socket.get());
    }
    EXPECT_TRUE(probe_address(at));
    EXPECT_TRUE(probe_address(at));
    const auto opened = open_listening_socket(at);
    ASSERT_TRUE(opened);
    ::close(*opened);
}

TEST(OpenListeningSocket, SharesAnAddressWithItsLike) {
    const descriptor one{*open_listening_socket(any_loopback)};
    const auto other = open_listening_socket(*local_endpoint(one.get()));
    ASSERT_TRUE(other);
    ::close(*other);
}

TEST(OpenListeningSocket, RefusesAnAddressOfAnotherMachine) {
    const auto opened =
        open_listening_socket({boost::asio::ip::make_address_v4("192.0.2.1"), 0}); // RFC 5737
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error(), boost::system::errc::address_not_available);
}

TEST(LocalEndpoint, SaysThatADescriptorIsNoSocket) {
    EXPECT_FALSE(local_endpoint(-1));
}

} // namespace
} // namespace mortise::net
