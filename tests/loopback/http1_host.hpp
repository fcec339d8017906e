// SPDX-License-Identifier: BSL-1.0
// The HTTP/1 half of one loop, without loop, sockets and clock: a test plays all three.
#pragma once

#include "http1/connection.hpp"
#include "http1/exchange.hpp"
#include "http1/workspace.hpp"
#include "loopback/stream.hpp"
#include "net/listener_settings.hpp"

#include <boost/intrusive/list.hpp>

#include <chrono>
#include <memory>

namespace mortise::loopback {

// Time stands still but for pass(). Thread: the test's.
class http1_host {
public:
    http1_host(const http1::settings& settings, http::handler& handler,
               const http1::observation& told = {})
        : workspace_{settings, handler, told} {
        workspace_.on_resumable = [] {}; // settle() looks by itself
    }
    ~http1_host() {
        open_.clear_and_dispose([](http1::connection* gone) { delete gone; });
    }
    http1_host(const http1_host&) = delete;
    http1_host& operator=(const http1_host&) = delete;

    http1::workspace& workspace() noexcept { return workspace_; }
    std::size_t connection_count() const noexcept { return open_.size(); }
    // Exchanges that are being served, or that a handler has kept.
    std::size_t exchange_count() const noexcept { return workspace_.exchanges.in_use(); }

    // Takes the client's connection, whose stream never fails by itself.
    void accept(wire& client) { accept(client, sound_); }
    // The same, with calls of the stream that fail when `blows` says so.
    void accept(wire& client, fuse& blows) {
        add(new http1::connection{workspace_, std::make_unique<stream>(client, blows), {}});
    }
    // The same from `peer` and at a listener with these settings, which outlive the connection.
    void accept(wire& client, const net::listener_settings& at, const net::address& peer) {
        add(new http1::connection{workspace_,
                                  std::make_unique<stream>(client, sound_, &at.trusted_proxies),
                                  peer, at.proxy_protocol});
    }

    // Gives the turns that were asked for and destroys what was closed, until nothing is left to
    // do. To be called after each event of a wire.
    void settle() {
        while (!workspace_.resumable.empty()) {
            http1::connection& next = workspace_.resumable.front();
            workspace_.resumable.pop_front();
            next.resume();
        }
        workspace_.closed.clear_and_dispose([this](http1::connection* gone) {
            open_.erase(open_.iterator_to(*gone));
            delete gone;
        });
    }

    // Lets time pass, then ticks.
    void pass(base::milliseconds time) {
        workspace_.now += time;
        workspace_.expire_deadlines();
        settle();
    }

    // As where the service closes: every connection ends, and every exchange is given up.
    void close() {
        for (auto& connection : open_) {
            connection.close(http1::server_stops);
        }
        workspace_.exchanges.stop(http1::server_stops);
        settle();
    }

    void drain() {
        workspace_.winding_down = true;
        workspace_.draining = true;
        for (auto& connection : open_) {
            connection.drain();
        }
        settle();
    }

private:
    using connections = boost::intrusive::list<
        http1::connection,
        boost::intrusive::member_hook<http1::connection, boost::intrusive::list_member_hook<>,
                                      &http1::connection::membership>>;

    void add(http1::connection* added) {
        open_.push_back(*added);
        added->open();
        settle();
    }

    fuse sound_;
    http1::workspace workspace_;
    connections open_;
};

} // namespace mortise::loopback
