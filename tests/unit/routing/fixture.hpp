// SPDX-License-Identifier: BSL-1.0
// Tables of routes, and requests that are looked up in them.
#pragma once

#include "http/handler.hpp"
#include "routing/route_table.hpp"

#include <array>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace mortise::routing::test {

// Only its address counts.
class no_handler final : public http::handler {
public:
    void handle(http::exchange&) noexcept override {}
};
inline no_handler unused;

// "GET example.org/users/{id}" as a route of `owner`.
inline route parse_route(std::string_view text, std::string owner = "nobody") {
    const auto space = text.find(' ');
    const auto slash = text.find('/');
    return {std::string{text.substr(space + 1, slash - space - 1)},
            std::string{text.substr(0, space)}, std::string{text.substr(slash)}, &unused,
            std::move(owner)};
}

inline std::vector<route> parse_routes(const std::vector<std::string_view>& texts) {
    std::vector<route> routes;
    for (const auto text : texts) {
        routes.push_back(parse_route(text));
    }
    return routes;
}

// A table of routes that can stand together.
inline route_table compile(const std::vector<route>& routes) {
    std::vector<route_fault> faults;
    auto table = route_table::compile(routes, faults);
    if (!faults.empty()) {
        throw std::invalid_argument{faults.front().text};
    }
    return table;
}

inline http::request parse_request(std::string_view text) {
    const auto asked = parse_route(text);
    http::request request;
    request.method = http::parse_method(asked.method);
    request.path = text.substr(text.find('/'));
    request.is_path_escaped = request.path.find('%') != request.path.npos;
    request.authority = text.substr(asked.method.size() + 1, asked.host.size());
    return request;
}

// What "GET example.org/users/7" finds: "/users/{id} id=7"; "-" where nothing is found.
inline std::string look_up(const route_table& table, std::string_view text) {
    base::arena memory;
    std::array<std::string_view, http::exchange::max_parameters> values;
    const auto match = table.find(parse_request(text), memory, values);
    if (match.found == nullptr) {
        return "-";
    }
    auto found = match.found->route.pattern;
    for (std::size_t at = 0; at < match.found->names.size(); ++at) {
        found.append(" ").append(match.found->names[at]).append("=").append(values[at]);
    }
    return found;
}

// What Allow says where "GET /users" finds nothing; "-" where no method is known.
inline std::string allowed(const route_table& table, std::string_view text) {
    base::arena memory;
    std::array<std::string_view, http::exchange::max_parameters> values;
    const auto match = table.find(parse_request(text), memory, values);
    return match.known == 0 ? "-" : std::string{allow_value(match.known, memory)};
}

} // namespace mortise::routing::test
