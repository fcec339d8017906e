// SPDX-License-Identifier: BSL-1.0
// Passing requests through filters, and their responses back.
#include "plugin/filter.hpp"

#include "http/problem.hpp"
#include "plugin/filtered_response.hpp"
#include "plugin/held_exchange.hpp"
#include "plugin/identity.hpp"
#include "plugin/instance.hpp"
#include "plugin/view.hpp"

#include <new>
#include <utility>

namespace mortise::plugin {
namespace {

constexpr std::uint32_t known_flags = MORTISE_ROUTE_MAY_WAIT | MORTISE_ROUTE_HALF_CLOSE_LEAVES;

route to_route(const mortise_filter& asked) {
    return {.method = {},
            .host = {},
            .pattern = {},
            .flags = asked.flags,
            .content_limit = 0,
            .call = asked.on_request,
            .user = asked.user};
}

} // namespace

// One request's way through a filter that wants to see the response. Lives in the exchange's
// memory.
class filter::passage final : public http::response_filter {
public:
    explicit passage(const filter& of) noexcept : filter_{of} { filter_.owner().pin(); }

    void go_on() noexcept { has_gone_on_ = true; }
    void remember(void* value) noexcept { remembered_ = value; }

    // What the filter answered by itself it need not see.
    void on_response(http::exchange& exchange, http::response& head,
                     std::optional<std::uint64_t> length) noexcept override {
        if (!has_gone_on_) {
            return;
        }
        try {
            filtered_response changes{filter_, exchange, head};
            const auto seen = changes.view(length, remembered_);
            filter_.owner().call_quietly(
                "on_response", [&] { filter_.on_response_(filter_.user_, changes.abi(), &seen); });
        } catch (const std::bad_alloc&) {
            filter_.report_fault("on_response: there was no memory to show the response");
        }
    }

    void on_over() noexcept override { filter_.owner().unpin(); }

    static passage& of(http::exchange& exchange) noexcept {
        return *static_cast<passage*>(exchange.last_response_filter());
    }

private:
    const filter& filter_;
    void* remembered_ = nullptr;
    bool has_gone_on_ = false;
};

filter::filter(instance& owner, const mortise_filter& asked)
    : handler{owner, to_route(asked)},
      name_{from_abi(asked.name)},
      on_response_{asked.on_response},
      user_{asked.user} {}

void filter::handle(http::exchange& exchange) noexcept {
    if (owner().admits() != admission::open) { // what it keeps out stays out
        return turn_away(exchange);
    }
    if (on_response_ != nullptr) {
        try {
            exchange.add_response_filter(*new (
                exchange.memory().allocate(sizeof(passage), alignof(passage))) passage{*this});
        } catch (const std::bad_alloc&) {
            return http::respond_with(exchange, no_memory);
        }
    }
    if (route().call == nullptr) {
        decline(exchange);
    } else {
        handler::handle(exchange);
    }
}

// What the filter asked for while it held the exchange does not hold for the next handler.
void filter::decline(http::exchange& exchange) const noexcept {
    exchange.observe(nullptr);
    if ((route().flags & MORTISE_ROUTE_HALF_CLOSE_LEAVES) != 0) {
        exchange.set_half_close_leaves(false);
    }
    if (on_response_ != nullptr) {
        passage::of(exchange).go_on();
    }
    exchange.next().handle(exchange);
}

std::string filter::named(std::string_view what) const {
    return "filter " + name_ + ": " + std::string{what};
}

void filter::remember(http::exchange& exchange, void* value) const noexcept {
    if (on_response_ != nullptr) {
        passage::of(exchange).remember(value);
    }
}

std::optional<fault> judge_filter(const mortise_filter& asked) {
    const auto refusal = [](const std::string& rule) {
        return fault{"registers a filter, which is refused: " + rule,
                     "correct the filter in its sources"};
    };
    if (asked.size < sizeof asked) {
        return refusal("its size is smaller than mortise_filter");
    }
    if (!is_sound(asked.name) || !is_plugin_id(from_abi(asked.name))) {
        return refusal("its name is not of the form [a-z][a-z0-9-]*");
    }
    if (asked.on_request == nullptr && asked.on_response == nullptr) {
        return refusal("it has neither on_request nor on_response");
    }
    if ((asked.flags & ~known_flags) != 0) {
        return refusal("it has a flag that filters do not have");
    }
    return std::nullopt;
}

namespace {

// A call for an exchange that a filter holds.
exchange_call find_filtered(mortise_exchange number, const char* function) noexcept {
    auto call = find_exchange(number, function);
    if (call.held.exchange != nullptr && !call.held.route->is_filter()) {
        call.held.route->report_fault(std::string{function} + ": called by a route, not a filter");
        return {{}, MORTISE_E_STATE};
    }
    return call;
}

} // namespace

std::int32_t go_on(mortise_exchange number) noexcept {
    const auto call = find_filtered(number, "go_on()");
    if (call.held.exchange == nullptr) {
        return call.refusal;
    }
    http::exchange& exchange = *call.held.exchange;
    exchange_table::of_this_thread()->take(number);
    if (exchange.is_answered()) { // by the host, in the place of the filter
        http::respond_with(exchange, {503, "Service Unavailable"});
        return MORTISE_E_CANCELLED;
    }
    call.held.route->decline(exchange);
    return MORTISE_OK;
}

std::int32_t remember(mortise_exchange number, void* value) noexcept {
    const auto call = find_filtered(number, "remember()");
    if (call.held.exchange == nullptr) {
        return call.refusal;
    }
    static_cast<const filter*>(call.held.route)->remember(*call.held.exchange, value);
    return MORTISE_OK;
}

} // namespace mortise::plugin
