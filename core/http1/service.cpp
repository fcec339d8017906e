// SPDX-License-Identifier: BSL-1.0
// Accepting, ticking, draining and burying.
#include "http1/service.hpp"

#include "async/loop.hpp"
#include "http1/exchange.hpp"
#include "net/socket_stream.hpp"
#include "observe/access_log.hpp"
#include "observe/request_metrics.hpp"

#include <boost/asio/post.hpp>

#include <new>
#include <unistd.h>
#include <utility>

namespace mortise::http1 {

namespace {
constexpr base::milliseconds tick_period{100};
}

service::service(async::loop& loop, const settings& settings, http::handler& handler,
                 const observation& told, std::size_t capacity)
    : loop_{loop},
      workspace_{settings, handler, told},
      readiness_{loop, *this},
      ticker_{loop, tick_period, [this] { return tick(); }},
      capacity_{capacity} {
    workspace_.on_resumable = [this] {
        try {
            boost::asio::post(loop_.context(), [this] { serve_resumable(); });
        } catch (const std::bad_alloc&) { // the next tick gives the turns
        }
    };
}

service::~service() {
    open_.clear_and_dispose([](connection* gone) { delete gone; });
}

void service::listen(int descriptor, const net::listener_settings& settings,
                     net::listener_number number) {
    doors_.push_back(std::make_unique<door>(*this, descriptor, settings, number));
}

void service::set_listener_settings(net::listener_number number,
                                    const net::listener_settings& next) {
    for (auto& each : doors_) {
        if (each->number() == number) {
            each->set_settings(next);
        }
    }
}

void service::stop_listening(net::listener_number number) noexcept {
    std::erase_if(doors_, [number](const auto& each) {
        if (each->number() == number) {
            each->listener().finish();
        }
        return each->number() == number;
    });
}

void service::set_capacity(std::size_t capacity) noexcept {
    capacity_ = capacity;
    resume_accepting();
}

std::unique_ptr<net::stream> service::door::make_stream(int descriptor) const {
    if (settings_->trusted_proxies.empty()) {
        return std::make_unique<net::socket_stream>(service_.readiness_, descriptor);
    }
    return std::make_unique<net::proxied_stream>(service_.readiness_, descriptor, settings_);
}

void service::door::on_accept(int descriptor, const net::address& peer) noexcept {
    try {
        auto stream = make_stream(descriptor);
        descriptor = -1; // the stream closes it from here on
        service_.adopt(std::move(stream), peer, settings_->proxy_protocol);
    } catch (const std::bad_alloc&) {
        if (descriptor >= 0) {
            ::close(descriptor);
        }
    }
}

void service::adopt(std::unique_ptr<net::stream> stream, const net::address& peer,
                    bool begins_by_proxy) {
    if (open_.empty()) {
        workspace_.refresh_clock(); // the tick stood still while nothing was open
        ticker_.start();
    }
    auto* const added = new connection{workspace_, std::move(stream), peer, begins_by_proxy};
    open_.push_back(*added);
    if (workspace_.metrics != nullptr) {
        workspace_.metrics->open_connection();
    }
    added->open();
}

void service::drain(std::function<void()> on_dry) {
    on_dry_ = std::move(on_dry);
    doors_.clear();
    workspace_.winding_down = true;
    workspace_.draining = true;
    workspace_.set_now(base::monotonic_now());
    for (auto& connection : open_) {
        connection.drain();
    }
    bury_closed();
    report_dry();
}

void service::close() noexcept {
    on_dry_ = nullptr;
    doors_.clear();
    workspace_.set_now(base::monotonic_now());
    for (auto& connection : open_) {
        connection.close(server_stops);
    }
    workspace_.exchanges.stop(server_stops);
    bury_closed();
}

void service::resume_accepting() noexcept {
    for (auto& each : doors_) {
        each->listener().resume();
    }
}

void service::serve_resumable() {
    workspace_.set_now(base::monotonic_now());
    turns_.swap(workspace_.resumable);
    serve_turns();
}

void service::serve_turns() {
    {
        const async::loop::in_turn here{loop_, *this};
        while (!turns_.empty()) {
            connection& next = turns_.front();
            turns_.pop_front();
            next.resume(); // may ask for one more turn, which comes after other events
        }
    }
    on_batch_end();
}

void service::go_on() {
    serve_turns();
    ticker_.go_on();
}

const http::exchange* service::leave_turn() noexcept {
    workspace_.now = base::monotonic_now(); // the exact time is that of the call's beginning
    return workspace_.current != nullptr ? workspace_.current->leave_turn() : nullptr;
}

bool service::on_batch_end() noexcept {
    workspace_.exchanges.recycle();
    if (!workspace_.closed.empty()) {
        bury_closed();
        report_dry();
    }
    return workspace_.resumable.empty();
}

void service::bury_closed() noexcept {
    workspace_.closed.clear_and_dispose([this](connection* gone) {
        open_.erase(open_.iterator_to(*gone));
        delete gone;
        if (workspace_.metrics != nullptr) {
            workspace_.metrics->close_connection();
        }
    });
    resume_accepting();
}

void service::report_dry() {
    if (open_.empty() && workspace_.running_on == 0 && on_dry_) {
        std::exchange(on_dry_, nullptr)();
    }
}

bool service::tick() {
    workspace_.refresh_clock();
    workspace_.expire_deadlines();
    serve_resumable();
    if (workspace_.access_log != nullptr) {
        workspace_.access_log->flush();
    }
    report_dry(); // an exchange that ran on may have been the last thing under way
    return !open_.empty() || workspace_.running_on != 0;
}

} // namespace mortise::http1
