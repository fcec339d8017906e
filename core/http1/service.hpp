// SPDX-License-Identifier: BSL-1.0
// HTTP/1.1 on one loop: accepts, owns the connections and keeps their time.
#pragma once

#include "async/loop.hpp"
#include "async/ticker.hpp"
#include "http1/connection.hpp"
#include "http1/workspace.hpp"
#include "net/listener.hpp"
#include "net/listener_settings.hpp"
#include "net/readiness.hpp"

#include <boost/intrusive/list.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace mortise::http1 {

// Thread: its loop's, for everything but construction before the loop runs.
class service final : public net::batch_observer, private async::loop::turn {
public:
    // `handler` must outlive the service, and so must who is told. At most `capacity` connections
    // are open at once; more wait in the kernel.
    service(async::loop& loop, const settings& settings, http::handler& handler,
            const observation& told, std::size_t capacity);
    ~service();

    // Takes over a listening socket (net::open_listening_socket), at any time. It may be one of
    // several with this number.
    void listen(int descriptor, const net::listener_settings& settings = {},
                net::listener_number number = 0);
    // For connections that the listeners with this number accept from here on.
    void set_listener_settings(net::listener_number number, const net::listener_settings& next);
    // Accepts what waits at the listeners with this number, and closes these. Their connections
    // live on.
    void stop_listening(net::listener_number number) noexcept;

    // What is open already follows, as workspace::set_settings() has it. In no turn.
    void set_settings(const settings& next) { workspace_.set_settings(next); }
    // Where more are open, none of these is closed for it.
    void set_capacity(std::size_t capacity) noexcept;

    // Serves a connection that came another way. `begins_by_proxy` as connection has it.
    void adopt(std::unique_ptr<net::stream> stream, const net::address& peer,
               bool begins_by_proxy = false);

    // Serves on, new connections too, but each ends with its next answer, so that clients go
    // elsewhere. Those that are idle stay open.
    void wind_down() noexcept { workspace_.winding_down = true; }

    // Accepts no more, closes what is idle, lets the rest end with its answer, handlers that
    // outlive their clients too, and then calls `on_dry` once.
    void drain(std::function<void()> on_dry);

    // Accepts no more and closes every connection, whatever is under way: what was lent is given
    // back here, on the loop. `on_dry` of a drain is not called any more.
    void close() noexcept;

    // From here on exchanges begin with `next`. Returns the cohort that is over with this.
    std::uint32_t set_handler(http::handler& next) noexcept {
        workspace_.handler = &next;
        return workspace_.cohort++;
    }
    // Whether an exchange of this cohort is under way.
    bool has_of(std::uint32_t cohort) const noexcept { return workspace_.exchanges.has_of(cohort); }

    // A handler that was called here does not return: its client is answered in its place, and the
    // turn of its connection ends. The exchange that was under way there; null: there was none, or
    // it was answered.
    const http::exchange* leave_turn() noexcept;

    std::size_t connection_count() const noexcept { return open_.size(); }
    // Exchanges that are being served, or that handlers hold.
    std::size_t exchange_count() const noexcept { return workspace_.exchanges.in_use(); }

    void on_batch_begin(base::instant now) noexcept override { workspace_.set_now(now); }
    bool on_batch_end() noexcept override;

private:
    // A listener, and to whom it gives its connections.
    class door final : public net::accept_handler {
    public:
        door(service& of, int descriptor, const net::listener_settings& settings,
             net::listener_number number)
            : service_{of},
              settings_{std::make_shared<const net::listener_settings>(settings)},
              number_{number},
              listener_{of.loop_, of.readiness_, descriptor, *this} {}
        net::listener_number number() const noexcept { return number_; }
        net::listener& listener() noexcept { return listener_; }
        void set_settings(const net::listener_settings& next) {
            settings_ = std::make_shared<const net::listener_settings>(next);
        }

    private:
        bool has_room() const noexcept override {
            return service_.open_.size() < service_.capacity_;
        }
        void on_accept(int descriptor, const net::address& peer) noexcept override;
        std::unique_ptr<net::stream> make_stream(int descriptor) const;

        service& service_;
        // A copy of this loop's, which connections keep.
        std::shared_ptr<const net::listener_settings> settings_;
        const net::listener_number number_;
        net::listener listener_;
    };

    bool tick();
    void serve_resumable();
    void serve_turns();
    void go_on() override;
    void bury_closed() noexcept;
    void resume_accepting() noexcept;
    void report_dry();

    using connections = boost::intrusive::list<
        connection, boost::intrusive::member_hook<connection, boost::intrusive::list_member_hook<>,
                                                  &connection::membership>>;

    async::loop& loop_;
    workspace workspace_;
    net::readiness readiness_;
    async::ticker ticker_;
    std::vector<std::unique_ptr<door>> doors_;
    connections open_;
    connection_queue turns_; // what is left of those that are being given
    std::size_t capacity_;
    std::function<void()> on_dry_;
};

} // namespace mortise::http1
