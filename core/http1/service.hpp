// SPDX-License-Identifier: BSL-1.0
// HTTP/1.1 on one loop: accepts, owns the connections and keeps their time.
#pragma once

#include "async/loop.hpp"
#include "async/ticker.hpp"
#include "http1/connection.hpp"
#include "http1/workspace.hpp"
#include "net/listener.hpp"
#include "net/readiness.hpp"

#include <boost/intrusive/list.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

namespace mortise::http1 {

// Thread: its loop's, for everything but construction before the loop runs.
class service final : public net::accept_handler,
                      public net::batch_observer,
                      private async::loop::turn {
public:
    // `settings` and `handler` must outlive the service, and so must who is told. At most
    // `capacity` connections are open at once; more wait in the kernel.
    service(async::loop& loop, const settings& settings, http::handler& handler,
            const observation& told, std::size_t capacity);
    ~service();

    // Takes over a listening socket (net::open_listening_socket).
    void listen(int descriptor);
    // Serves a connection that came another way.
    void adopt(std::unique_ptr<net::stream> stream, const net::address& peer);

    // Accepts no more, closes what is idle, lets the rest end with its answer, handlers that
    // outlive their clients too, and then calls `on_dry` once.
    void drain(std::function<void()> on_dry);

    // Accepts no more and closes every connection, whatever is under way: what was lent is given
    // back here, on the loop. `on_dry` of a drain is not called any more.
    void close() noexcept;

    // From here on exchanges begin with `next`. Returns the cohort that is over with this.
    std::uint32_t set_handler(http::handler& next) noexcept {
        workspace_.set_handler(next);
        return workspace_.cohort++;
    }
    // Whether an exchange of this cohort is under way.
    bool has_of(std::uint32_t cohort) const noexcept { return workspace_.exchanges.has_of(cohort); }

    // A handler that was called here does not return: its client is answered in its place, and the
    // turn of its connection ends. The exchange that was under way there; null: there was none, or
    // it was answered.
    const http::exchange* leave_turn() noexcept;

    std::size_t connection_count() const noexcept { return open_.size(); }
    // Exchanges that handlers hold.
    std::size_t exchange_count() const noexcept { return workspace_.exchanges.in_use(); }

    bool has_room() const noexcept override { return open_.size() < capacity_; }
    void on_accept(int descriptor, const net::address& peer) noexcept override;
    void on_batch_begin(base::instant now) noexcept override { workspace_.set_now(now); }
    bool on_batch_end() noexcept override;

private:
    bool tick();
    void serve_resumable();
    void serve_turns();
    void go_on() override;
    void bury_closed() noexcept;
    void close_listeners() noexcept;
    void report_dry();

    using connections = boost::intrusive::list<
        connection, boost::intrusive::member_hook<connection, boost::intrusive::list_member_hook<>,
                                                  &connection::membership>>;

    async::loop& loop_;
    workspace workspace_;
    net::readiness readiness_;
    async::ticker ticker_;
    std::vector<std::unique_ptr<net::listener>> listeners_;
    connections open_;
    connection_queue turns_; // what is left of those that are being given
    const std::size_t capacity_;
    std::function<void()> on_dry_;
};

} // namespace mortise::http1
