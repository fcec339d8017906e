// SPDX-License-Identifier: BSL-1.0
// All routes of a host, compiled once into a table that never changes.
#pragma once

#include "base/arena.hpp"
#include "http/exchange.hpp"
#include "http/method.hpp"
#include "routing/pattern.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mortise::http {
class handler;
}

namespace mortise::observe {
class request_series;
}

namespace mortise::routing {

// What somebody wants served.
struct route {
    std::string host;   // "example.org", "*.example.org"; empty: every host
    std::string method; // "GET", which serves HEAD too
    std::string pattern;
    http::handler* handler;                     // outlives the table
    std::string owner;                          // who: "plugin greeting 1.0.0 (greeting.so)"
    observe::request_series* counted = nullptr; // outlives the table; null: nowhere
};

// A route that is not in the table: a clause that names it and who else is concerned, and what
// to do about it.
struct route_fault {
    std::size_t route; // its index among those given to compile()
    std::string text;
    std::string cure;
};

// The methods that a path knows: a bit for each http::method.
using method_set = std::uint64_t;

// Thread: any; look-ups change nothing and allocate nothing but decoded copies in the arena they
// are given.
//
// A tree with a node for each segment, in one array. Literal beats parameter beats rest, at each
// segment from the left; where the better branch does not lead to a route, the next one is tried.
// Each node is visited at most once in a look-up, so no path is slow to refuse.
//
//   "/users/me"    [root] ── users ──► [ ] ── me ───► GET
//   "/users/{id}"                       └── {…} ───► GET, PUT
//   "/{path...}"     └──── {…...} ──────────────────► GET
class route_table {
public:
    // One route, as found.
    struct endpoint {
        http::method method;
        http::handler* handler;
        http::served_route route;
        std::vector<std::string> names; // of its parameters, in the order of the path
        bool takes_rest = false;        // the last of them is {name...}
    };

    // What a look-up came to: the endpoint, or the methods that the path knows instead.
    struct match {
        const endpoint* found = nullptr;
        method_set known = 0; // 0: no such path
    };

    route_table() = default;

    // Compiles what can stand together. A route that conflicts with an earlier one (same host,
    // method and shape) or breaks a rule is left out and reported in `faults`.
    static route_table compile(std::span<const route> routes, std::vector<route_fault>& faults);

    // Looks a request up and writes the parameters' values, still escaped, to `values`, which has
    // room for http::exchange::max_parameters. Exact host beats wildcard host beats every host;
    // where the better one does not know the path, the next one is asked.
    match find(const http::request& request, base::arena& memory,
               std::span<std::string_view> values) const;

    // Every method that any route knows, for OPTIONS *.
    method_set methods() const noexcept { return methods_; }

private:
    static constexpr std::uint32_t none = UINT32_MAX;

    struct node {
        std::vector<std::pair<std::string, std::uint32_t>> literals; // sorted, shorter first
        std::uint64_t literal_sizes = 0; // a bit for each size among them, modulo 64
        std::uint32_t parameter = none;
        std::uint32_t rest = none;            // a node without children
        std::vector<std::uint32_t> endpoints; // indices
        method_set methods = 0;
    };
    struct host {
        std::string name; // without "*"; a wildcard's begins with "."
        bool wildcard;
        std::uint32_t root;
    };
    class search;

    std::uint32_t root_of(const std::string& host_name);
    std::uint32_t descend(std::uint32_t from, const segment& segment);
    std::uint32_t add_node();

    std::vector<node> nodes_;
    std::vector<endpoint> endpoints_;
    std::vector<std::size_t> owners_; // by endpoint: index of its route, while compiling
    std::vector<host> hosts_;         // exact ones first, then wildcards, the longest first
    std::uint32_t any_host_ = none;
    method_set methods_ = 0;
};

// "GET, HEAD, OPTIONS": what Allow says of a path (RFC 9110, 10.2.1), in `memory`.
std::string_view allow_value(method_set known, base::arena& memory);

} // namespace mortise::routing
