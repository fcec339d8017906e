// SPDX-License-Identifier: BSL-1.0
// The call over the border, and what its result may be.
#include "plugin/handler.hpp"

#include "http/problem.hpp"
#include "plugin/call_site.hpp"
#include "plugin/content_collector.hpp"
#include "plugin/exchange_table.hpp"
#include "plugin/instance.hpp"
#include "plugin/request_view.hpp"
#include "plugin/view.hpp"

#include <array>
#include <cassert>
#include <cstddef>
#include <new>
#include <utility>

namespace mortise::plugin {
namespace {

constexpr http::problem internal_error{500, "Internal Server Error"};
constexpr http::problem not_found{404, "Not Found"};
constexpr http::problem too_many{503, "Service Unavailable", "too many exchanges are pending"};

// What a route that waits is given; behind it stand the fields, and then the text of the request.
struct lasting_request {
    mortise_request request;
    alignas(std::max_align_t) std::byte memory[1408];
};

mortise_request& view_lasting_request(http::exchange& exchange, std::string_view content) {
    const std::size_t pairs = count_pairs(exchange);
    const std::size_t size =
        sizeof(lasting_request) + pairs * sizeof(mortise_field) + exchange.text().size();
    auto& lasting =
        *static_cast<lasting_request*>(exchange.memory().allocate(size, alignof(lasting_request)));
    auto* const fields = reinterpret_cast<mortise_field*>(&lasting + 1);
    const auto text = exchange.keep_text(reinterpret_cast<char*>(fields + pairs));
    view_request(exchange, text, content, lasting.request, fields);
    lasting.request.memory = lasting.memory;
    lasting.request.memory_size = sizeof lasting.memory;
    return lasting.request;
}

// Not a result of the border: an exception crossed it.
constexpr std::int32_t threw = INT32_MIN;

std::string name_of(std::int32_t result) {
    switch (result) {
    case MORTISE_REPLIED:
        return "MORTISE_REPLIED";
    case MORTISE_PENDING:
        return "MORTISE_PENDING";
    case MORTISE_DECLINED:
        return "MORTISE_DECLINED";
    default:
        return std::to_string(result);
    }
}

// What is wrong with `result` of a handler that has neither replied nor declined.
std::string fault_of(std::int32_t result) {
    switch (result) {
    case MORTISE_REPLIED:
        return "returned MORTISE_REPLIED without a reply";
    case MORTISE_PENDING:
        return "returned MORTISE_PENDING on a route without MORTISE_ROUTE_MAY_WAIT";
    case threw:
        return "let an exception cross the border";
    default:
        return (result < 0 ? "failed with code " : "returned an unknown result ") +
               std::to_string(result);
    }
}

} // namespace

handler::handler(instance& owner, plugin::route copied) noexcept
    : owner_{owner},
      route_{std::move(copied)},
      method_{http::parse_method(route_.method)},
      number_part_{exchange_number{0, owner.ordinal(), 0, 0}.packed()},
      has_terms_{route_.has_terms()},
      is_counted_{owner.limits().requests != 0 && route_.may_wait()},
      is_limited_{owner.limits().time.count() != 0 || owner.limits().memory != 0} {
    has_terms_ = has_terms_ || is_limited_;
}

[[gnu::hot]] void handler::handle(http::exchange& exchange) noexcept {
    if (owner_.admits() != admission::open) [[unlikely]] {
        return turn_away(exchange);
    }
    if (route_.wants_content()) {
        if (is_limited_ && !set_limits(exchange)) {
            return;
        }
        content_collector::collect(exchange, *this);
    } else {
        call(exchange, {});
    }
}

void handler::turn_away(http::exchange& exchange) const noexcept {
    static constexpr std::array<http::field, 1> retry{http::field{"Retry-After", "60"}};
    owner_.count_turned_away();
    http::respond_with(exchange,
                       {503, owner_.admits() == admission::disabled
                                 ? "The plugin of this path is disabled"
                                 : "The plugin of this path is in quarantine"},
                       retry);
}

// False: there is no memory for that, and it is answered.
bool handler::set_limits(http::exchange& exchange) const noexcept {
    const auto& limits = owner_.limits();
    if (limits.memory != 0) {
        exchange.memory().limit_heap(limits.memory);
    }
    try {
        if (limits.time.count() != 0) {
            exchange.limit_time(limits.time);
        }
        return true;
    } catch (const std::bad_alloc&) {
        http::respond_with(exchange, no_memory);
        return false;
    }
}

// A plugin that has as many requests as it may gets no further one.
void handler::turn_away_surplus(http::exchange& exchange) const noexcept {
    static constexpr std::array<http::field, 1> retry{http::field{"Retry-After", "1"}};
    owner_.count_turned_away();
    http::respond_with(exchange, {503, "Service Unavailable", "the plugin of this path is busy"},
                       retry);
    try {
        owner_.report_failure(named("turned a request away: its limit of " +
                                    std::to_string(owner_.limits().requests) +
                                    " requests in flight is reached"));
    } catch (const std::bad_alloc&) { // then without the line
    }
}

// Counts one more request in flight, which the table will then give a number, and gives back when
// that is used up. False: it is answered.
bool handler::take_place(exchange_table& table, http::exchange& exchange) const {
    if (!table.has_room()) {
        http::respond_with(exchange, too_many);
        return false;
    }
    if (!owner_.take_request()) {
        turn_away_surplus(exchange);
        return false;
    }
    return true;
}

// False: it is answered.
bool handler::set_terms(http::exchange& exchange) const {
    if (is_limited_ && !is_filter() && !set_limits(exchange)) {
        return false;
    }
    if (route_.content_limit != 0 && !route_.wants_content()) {
        exchange.limit_content(route_.content_limit);
    }
    exchange.set_outlives_client((route_.flags & MORTISE_ROUTE_KEEPS_ON) != 0);
    exchange.set_half_close_leaves((route_.flags & MORTISE_ROUTE_HALF_CLOSE_LEAVES) != 0);
    return true;
}

[[gnu::hot]] void handler::call(http::exchange& exchange, std::string_view content) noexcept {
    try {
        call_plugin(exchange, content);
    } catch (const std::bad_alloc&) { // before the plugin was called
        http::respond_with(exchange, no_memory);
    }
}

inline void handler::call_plugin(http::exchange& exchange, std::string_view content) {
    auto* const table = exchange_table::of_this_thread();
    assert(table != nullptr);
    mortise_request here;
    mortise_request* request = &here;
    if (route_.may_wait()) {
        if (has_terms_ && !set_terms(exchange)) {
            return;
        }
        request = &view_lasting_request(exchange, content);
        if (is_counted_ && !take_place(*table, exchange)) {
            return;
        }
    } else {
        view_request(exchange, unmoved_text{}, content, here,
                     exchange.memory().array<mortise_field>(count_pairs(exchange)).data());
        here.memory = nullptr;
        here.memory_size = 0;
    }
    const http::method asked = exchange.request().method;
    request->method = to_abi(asked == method_ ? route_.method : http::method_name(asked));
    request->loop = table->loop().abi();
    request->loop_state = owner_.loop_state(table->loop().index());
    const mortise_exchange number = table->hold(exchange, *this);
    if (number == 0) {
        http::respond_with(exchange, too_many);
        return;
    }
    const std::int32_t result = cross(number, *request);
    if (result == MORTISE_REPLIED && !table->is_held(number)) {
        return;
    }
    judge(exchange, number, result);
}

std::int32_t handler::cross(mortise_exchange number,
                            const mortise_request& request) const noexcept {
    const entered_call here{*this, number};
    try {
        return route_.call(route_.user, number, &request);
    } catch (...) {
        return threw;
    }
}

void handler::judge(http::exchange& exchange, mortise_exchange number,
                    std::int32_t result) noexcept {
    auto& table = *exchange_table::of_this_thread();
    if (!table.is_held(number)) {
        report_fault(result == threw ? fault_of(threw)
                                     : "returned " + name_of(result) + " after it had replied");
        return;
    }
    if (result == MORTISE_PENDING && route_.may_wait()) {
        return;
    }
    table.take(number);
    if (result == MORTISE_DECLINED) {
        return decline(exchange);
    }
    report(result);
    http::respond_with(exchange, internal_error);
}

// Where there is no memory for it, the line is left out: the answer is what counts.
void handler::report(std::int32_t result) const noexcept {
    try {
        const std::string fault = fault_of(result);
        if (result < 0 && result != threw) {
            owner_.report_failure(named(fault));
        } else {
            owner_.report_fault(named(fault));
        }
    } catch (const std::bad_alloc&) {
    }
}

void handler::decline(http::exchange& exchange) const noexcept {
    http::respond_with(exchange, not_found);
}

void handler::report_fault(std::string_view what) const noexcept {
    try {
        owner_.report_fault(named(what));
    } catch (const std::bad_alloc&) { // likewise
    }
}

std::string handler::named(std::string_view what) const {
    std::string text = route_.method + " " + route_.host + route_.pattern + ": ";
    text += what;
    return text;
}

} // namespace mortise::plugin
