// SPDX-License-Identifier: BSL-1.0
// A listening socket of one loop: accepts until nothing waits, and survives running out.
#pragma once

#include "base/result.hpp"
#include "net/address.hpp"
#include "net/readiness.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <memory>

namespace mortise::async {
class loop;
}

namespace mortise::net {

// Takes the connections of a listener.
class accept_handler {
public:
    // False: no room for another one; they wait in the kernel until listener::resume().
    virtual bool has_room() const noexcept = 0;
    // Takes over `descriptor`, connected and non-blocking.
    virtual void on_accept(int descriptor, const address& peer) noexcept = 0;

protected:
    ~accept_handler() = default;
};

// A socket that listens at `at`, one of several by SO_REUSEPORT. The caller owns the descriptor.
base::result<int> open_listening_socket(const boost::asio::ip::tcp::endpoint& at);

// Whether somebody else listens at `at`: with SO_REUSEPORT alone a second host would quietly
// take half of the first one's connections.
base::result<void> probe_address(const boost::asio::ip::tcp::endpoint& at);

// The endpoint that a listening socket got, with the real port.
base::result<boost::asio::ip::tcp::endpoint> local_endpoint(int descriptor);

// May be destroyed at any time but while it accepts. Thread: its loop's.
class listener final : observer {
public:
    // Takes over a descriptor of open_listening_socket() and starts to accept. Throws
    // boost::system::system_error where the kernel has no memory to watch it.
    listener(async::loop& loop, readiness& ready, int descriptor, accept_handler& handler);
    listener(const listener&) = delete;
    listener& operator=(const listener&) = delete;
    ~listener() { close(); }

    // There is room again.
    void resume();
    // Accepts what waits, though there be no room for it, and closes the socket: who has connected
    // is served. There is no such moment for who connects meanwhile.
    void finish() noexcept;
    // Closes the socket, and all that wait with it.
    void close() noexcept;

private:
    enum class outcome : std::uint8_t { accepted, failed, nothing, exhausted };

    void on_ready(ready_events events) noexcept override;
    outcome accept_next() noexcept;
    void accept_waiting() noexcept;
    void wait_for_recovery() noexcept;

    readiness& readiness_;
    int descriptor_; // -1: closed
    boost::asio::steady_timer recovery_;
    accept_handler& handler_;
    bool paused_ = false;
    // Gone with this: a wait that has ended may stand in the loop's queue by then.
    std::shared_ptr<const bool> life_ = std::make_shared<const bool>(true);
};

} // namespace mortise::net
