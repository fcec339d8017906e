// SPDX-License-Identifier: BSL-1.0
// What one loop of the host does: HTTP/1.1 for the fleet, and the plugins' loop calls.
#pragma once

#include "async/escape.hpp"
#include "http1/service.hpp"
#include "plugin/call_site.hpp"
#include "plugin/exchange_table.hpp"
#include "plugin/load_error.hpp"
#include "plugin/loop_handle.hpp"
#include "server/snapshot.hpp"

#include <boost/asio/steady_timer.hpp>

#include <csignal>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <pthread.h>
#include <sys/types.h>
#include <vector>

namespace mortise::observe {
class stack;
}

namespace mortise::server {

class fleet;

// Made on the control thread; everything else [loop].
class worker final {
public:
    worker(async::loop& loop, async::work_pool& pool, const http1::settings& settings, fleet& fleet,
           const http1::observation& told, std::size_t capacity);

    std::size_t index() const noexcept { return loop_.index(); }
    async::loop& loop() noexcept { return loop_.loop(); }

    // The loop's thread, once it has entered; its number for the kernel; and call_site::running()
    // there. [control]
    pthread_t thread() const noexcept { return thread_; }
    pid_t thread_number() const noexcept { return thread_number_; }
    std::uint32_t call_in_progress() const noexcept { return site_->running(); }
    // That a loop's thread takes at any time, and that nobody else sends.
    static int sampling_signal() noexcept { return SIGRTMIN; }

    // In the handler of that signal: lets the thread leave `call`, in which it stands as `met` and
    // the handler's third argument say. Its client is answered with 504, and the loop goes on with
    // all others. False: the call has to be waited for.
    bool leave_call(const plugin::entered_call& call, const observe::stack& met,
                    void* signal_context) noexcept;

    // Lets every plugin enter the loop. The errors of those that could not.
    std::vector<plugin::load_error> enter();
    // Accepts on a listening socket, which it takes over; of one listener there may be several.
    void listen(int descriptor, const net::listener_settings& settings,
                net::listener_number number) {
        service_.listen(descriptor, settings, number);
    }
    // Accepts what waits there and no more. Connections live on.
    void set_listener_settings(net::listener_number number, const net::listener_settings& next) {
        service_.set_listener_settings(number, next);
    }
    void stop_listening(net::listener_number number) noexcept { service_.stop_listening(number); }
    // What clients may take from here on, on connections that are open too.
    void set_settings(const http1::settings& next) { service_.set_settings(next); }
    // Of this loop alone.
    void set_capacity(std::size_t connections) noexcept { service_.set_capacity(connections); }
    // Lets each connection end with its next answer, and accepts on.
    void wind_down() noexcept { service_.wind_down(); }
    // Calls `on_dry` when the last connection is closed.
    void drain(std::function<void()> on_dry) { service_.drain(std::move(on_dry)); }
    // Serves what comes from here on by this snapshot, which outlives what it serves. Returns the
    // cohort of exchanges that is over with this.
    std::uint32_t publish(const snapshot& next) noexcept {
        return service_.set_handler(next.handler());
    }
    bool has_exchanges_of(std::uint32_t cohort) const noexcept { return service_.has_of(cohort); }

    // What is under way on this loop of a plugin that no exchange after the cohort `last` may come
    // to.
    struct rest {
        std::size_t exchanges;  // that it holds
        std::size_t operations; // that have not ended
        std::size_t pins;       // instance::pin()
        bool is_at_filter;      // an exchange is, that may come to it yet
    };
    rest rest_of(const plugin::instance& leaving, std::uint32_t last) const noexcept;
    // Gives up on that: clients get 503, operations are cancelled.
    void cut_off(const plugin::instance& leaving, std::uint32_t last) noexcept;
    // One plugin enters the loop, where it has not; or leaves it, where it has.
    std::optional<plugin::load_error> enter(plugin::instance& joining) {
        return joining.may_start(index()) ? std::nullopt : joining.enter_loop(loop_);
    }
    void leave(plugin::instance& leaving) { leaving.leave_loop(loop_); }
    // Gives up on what is still under way: exchanges are answered with 503, operations cancelled.
    // Calls `on_settled` when the plugins hold nothing of it any more, and no plugin is held, or
    // after `patience`. May be called again.
    void cancel(base::milliseconds patience, std::function<void()> on_settled);
    bool has_operations() const noexcept { return !loop_.operations().is_empty(); }
    // Lets every plugin leave the loop, on which nothing of them is under way any more.
    void leave();

    std::size_t connection_count() const noexcept { return service_.connection_count(); }
    // Requests in flight.
    std::size_t exchange_count() const noexcept { return service_.exchange_count(); }

private:
    void wait_until_settled(base::instant end, std::function<void()> on_settled);
    bool is_settled() noexcept;
    void report_unsettled();
    [[noreturn]] void go_on() noexcept;
    void give_up_on(const plugin::entered_call& left) noexcept;

    plugin::loop_handle loop_;
    pthread_t thread_{};
    pid_t thread_number_ = 0;
    async::escape escape_;
    const plugin::call_site* site_ = nullptr;
    boost::asio::steady_timer settling_;
    fleet& fleet_;
    plugin::exchange_table exchanges_;
    http1::service service_;
};

} // namespace mortise::server
