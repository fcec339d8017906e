// SPDX-License-Identifier: BSL-1.0
// Registering handlers.
#pragma once

#include <mortise/abi/host.h>
#include <mortise/sdk/detail/handler_store.hpp>
#include <mortise/sdk/request.hpp>
#include <mortise/sdk/response.hpp>

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace mortise {
inline namespace sdk_v0 {

// A callable that answers a request before it returns. It is called on every event loop, on
// several at once, hence const: what it changes must be safe for that.
template <class Handler>
concept plain_handler = requires(const Handler& handler, const request& request) {
    { handler(request) } -> std::same_as<response>;
};

// Asks that a route's handler is called once the content has arrived whole: request::content().
struct whole_content {
    std::uint64_t limit = 0; // bytes; more is answered with 413; 0: the host's own limit
};

// Given to a plugin's routes(), on the control thread, and valid until that returns. Patterns:
// "/", "/{name}" (one segment), "/files/{path...}" (the rest, whose escaped slashes stay "%2F").
// GET serves HEAD too. Handlers are moved to an address that stays the same, and live a little
// shorter than the plugin's object: they may keep its `this`. Each function throws
// std::invalid_argument where the host refuses the route.
//
//     on.get("/prices/{id}", [this](const mortise::request& request) { return price(request); });
//     on.post("/prices", mortise::whole_content{65536}, [this](const mortise::request& request) …);
//     on.host("admin.example.org").get("/", …);
class routes {
public:
    explicit routes(detail::handler_store& store) noexcept : store_{store} {}

    // The same routes for one authority: "example.org" or "*.example.org".
    routes host(std::string_view name) const { return routes{store_, name}; }

    template <class... Rest>
    void get(std::string_view pattern, Rest&&... rest) {
        route("GET", pattern, std::forward<Rest>(rest)...);
    }
    template <class... Rest>
    void head(std::string_view pattern, Rest&&... rest) {
        route("HEAD", pattern, std::forward<Rest>(rest)...);
    }
    template <class... Rest>
    void post(std::string_view pattern, Rest&&... rest) {
        route("POST", pattern, std::forward<Rest>(rest)...);
    }
    template <class... Rest>
    void put(std::string_view pattern, Rest&&... rest) {
        route("PUT", pattern, std::forward<Rest>(rest)...);
    }
    template <class... Rest>
    void patch(std::string_view pattern, Rest&&... rest) {
        route("PATCH", pattern, std::forward<Rest>(rest)...);
    }
    template <class... Rest>
    void del(std::string_view pattern, Rest&&... rest) {
        route("DELETE", pattern, std::forward<Rest>(rest)...);
    }
    template <class... Rest>
    void options(std::string_view pattern, Rest&&... rest) {
        route("OPTIONS", pattern, std::forward<Rest>(rest)...);
    }

    template <class Handler>
        requires plain_handler<std::decay_t<Handler>>
    void route(std::string_view method, std::string_view pattern, Handler&& handler) {
        store_.add(asked(method, pattern), std::forward<Handler>(handler));
    }

    template <class Handler>
        requires plain_handler<std::decay_t<Handler>>
    void route(std::string_view method, std::string_view pattern, whole_content content,
               Handler&& handler) {
        mortise_route with_content = asked(method, pattern);
        with_content.flags = MORTISE_ROUTE_CONTENT;
        with_content.content_limit = content.limit;
        store_.add(with_content, std::forward<Handler>(handler));
    }

private:
    routes(detail::handler_store& store, std::string_view host) : store_{store}, host_{host} {}

    mortise_route asked(std::string_view method, std::string_view pattern) const noexcept {
        mortise_route route{};
        route.size = sizeof route;
        route.method = detail::to_abi(method);
        route.host = detail::to_abi(host_);
        route.pattern = detail::to_abi(pattern);
        return route;
    }

    detail::handler_store& store_;
    std::string host_;
};

} // namespace sdk_v0
} // namespace mortise
