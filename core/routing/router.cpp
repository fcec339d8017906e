// SPDX-License-Identifier: BSL-1.0
// From exchange to handler.
#include "routing/router.hpp"

#include "http/percent.hpp"
#include "http/problem.hpp"

#include <array>
#include <new>

namespace mortise::routing {

namespace {

void allow(http::exchange& exchange, method_set known) {
    const std::array<http::field, 1> fields{
        http::field{"Allow", allow_value(known, exchange.memory())}};
    exchange.respond({.status = 204, .fields = fields});
}

// A {name...} keeps its escaped slashes: "..%2f" stays one harmless segment.
void add_parameters(http::exchange& exchange, const route_table::match& match,
                    std::span<const std::string_view> values) {
    const auto& names = match.found->names;
    for (std::size_t at = 0; at < names.size(); ++at) {
        auto value = values[at];
        if (exchange.request().is_path_escaped) {
            const bool is_rest = match.found->takes_rest && at + 1 == names.size();
            const auto decode = is_rest ? http::percent_decode_path : http::percent_decode;
            value = decode(value, exchange.memory());
        }
        exchange.add_parameter({names[at], value});
    }
}

} // namespace

[[gnu::hot]] void router::handle(http::exchange& exchange) noexcept {
    try {
        route(exchange);
    } catch (const std::bad_alloc&) { // before a handler was called
        http::respond_with(exchange, {503, "Service Unavailable", "no memory"});
    }
}

inline void router::route(http::exchange& exchange) const {
    const auto& request = exchange.request();
    if (request.path == "*") {
        return allow(exchange, table_.methods());
    }
    const auto values = exchange.memory().array<std::string_view>(http::exchange::max_parameters);
    const auto match = table_.find(request, exchange.memory(), values);
    if (match.found == nullptr) {
        return refuse(exchange, match);
    }
    exchange.set_route(&match.found->route);
    add_parameters(exchange, match, values);
    match.found->handler->handle(exchange);
}

void router::refuse(http::exchange& exchange, const route_table::match& match) const {
    if (match.known == 0) {
        return http::respond_with(exchange, {404, "No route serves this path"});
    }
    if (exchange.request().method == http::method::options) {
        return allow(exchange, match.known);
    }
    const std::array<http::field, 1> fields{
        http::field{"Allow", allow_value(match.known, exchange.memory())}};
    http::respond_with(exchange, {405, "The path does not take this method"}, fields);
}

} // namespace mortise::routing
