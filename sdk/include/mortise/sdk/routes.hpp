// SPDX-License-Identifier: BSL-1.0
// Registering handlers.
#pragma once

#include <mortise/abi/host.h>
#include <mortise/sdk/detail/blocking_handler.hpp>
#include <mortise/sdk/detail/coroutine_trampoline.hpp>
#include <mortise/sdk/detail/handler_store.hpp>
#include <mortise/sdk/exchange.hpp>
#include <mortise/sdk/identity.hpp>
#include <mortise/sdk/request.hpp>
#include <mortise/sdk/response.hpp>
#include <mortise/sdk/task.hpp>

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

// A coroutine that may wait before it answers, or that streams its answer and then gives nothing
// (stream.hpp). Called as a plain_handler is, but with an exchange; each request stays on its loop.
template <class Handler>
concept waiting_handler = requires(const Handler& handler, exchange& exchange) {
    { handler(exchange) } -> std::same_as<task<response>>;
} || requires(const Handler& handler, exchange& exchange) {
    { handler(exchange) } -> std::same_as<task<void>>;
};

// A plain handler that runs where it cannot ask for the request's identity, and is given it.
template <class Handler>
concept identified_handler =
    requires(const Handler& handler, const request& request, const identity& who) {
        { handler(request, who) } -> std::same_as<response>;
    };

template <class Handler>
concept handler = plain_handler<Handler> || waiting_handler<Handler> || identified_handler<Handler>;

// Asks that a route's handler is called once the content has arrived whole: request::content().
struct whole_content {
    std::uint64_t limit = 0; // bytes; more is answered with 413; 0: the host's own limit

    void set_on(mortise_route& route) const noexcept {
        route.flags |= MORTISE_ROUTE_CONTENT;
        route.content_limit = limit;
    }
};

// The most content that a waiting handler which reads it by itself will be given; more is 413.
struct content_limit {
    std::uint64_t bytes;

    void set_on(mortise_route& route) const noexcept { route.content_limit = bytes; }
};

// What a client that leaves means to a waiting handler. Without: the handler is cancelled once the
// connection is broken; the end of the client's sending side alone is not that (RFC 9112, 9.6).
class leaving_option {
public:
    constexpr explicit leaving_option(std::uint32_t flag) noexcept : flag_{flag} {}
    void set_on(mortise_route& route) const noexcept { route.flags |= flag_; }

private:
    std::uint32_t flag_;
};
// The handler goes on to its end without its client; time that runs out and a host that stops
// cancel it as ever.
inline constexpr leaving_option keeps_on{MORTISE_ROUTE_KEEPS_ON};
// A client that ends its sending side has left. Streams always mean this.
inline constexpr leaving_option half_close_leaves{MORTISE_ROUTE_HALF_CLOSE_LEAVES};

// Runs a plain handler on a thread of the host's worker pool, so that it may block: a loop that a
// handler holds serves nobody. Where too much waits for such a thread, or the plugin has as much
// there as the host lets it, the request is answered with 503. A client that leaves before the
// handler has begun takes it back. Its log lines do not name the exchange. A handler that needs the
// request's identity takes that as a second parameter, a const mortise::identity&.
class blocking_option {
public:
    void set_on(mortise_route& /*route*/) const noexcept {} // the SDK's, by offload()
};
inline constexpr blocking_option blocking{};

template <class Option>
concept route_option = requires(const Option& option, mortise_route& route) {
    { option.set_on(route) } noexcept;
};
// An option that a plain handler takes too.
template <class Option>
concept plain_route_option = route_option<Option> && (std::same_as<Option, whole_content> ||
                                                      std::same_as<Option, blocking_option>);

// Given to a plugin's routes(), on the control thread, and valid until that returns. Patterns:
// "/", "/{name}" (one segment), "/files/{path...}" (the rest, whose escaped slashes stay "%2F").
// GET serves HEAD too. Handlers are moved to an address that stays the same, and live a little
// shorter than the plugin's object: they may keep its `this`. Each function throws
// std::invalid_argument where the host refuses the route.
//
//     on.get("/prices/{id}", [this](const mortise::request& request) { return price(request); });
//     on.post("/prices", mortise::whole_content{65536}, [this](const mortise::request& request) …);
//     on.post("/orders", mortise::whole_content{}, mortise::keeps_on, …);
//     on.get("/report", mortise::blocking, [this](const mortise::request& request) { … });
//     on.host("admin.example.org").get("/", …);
//     on.get("/slow", [](mortise::exchange& exchange) -> mortise::task<mortise::response> { … });
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

    // Options, and then the handler.
    template <class... Rest>
    void route(std::string_view method, std::string_view pattern, Rest&&... rest) {
        add<terms{}>(asked(method, pattern), std::forward<Rest>(rest)...);
    }

private:
    // What the options before a handler ask of it.
    struct terms {
        bool must_wait = false;
        bool blocks = false;
    };

    template <terms Terms, route_option Option, class... Rest>
    void add(mortise_route route, const Option& option, Rest&&... rest) {
        constexpr terms with{.must_wait = Terms.must_wait || !plain_route_option<Option>,
                             .blocks = Terms.blocks || std::same_as<Option, blocking_option>};
        option.set_on(route);
        add<with>(route, std::forward<Rest>(rest)...);
    }

    template <terms Terms, class Handler>
        requires handler<std::decay_t<Handler>>
    void add(mortise_route route, Handler&& handler) {
        using stored = std::decay_t<Handler>;
        if constexpr (Terms.blocks) {
            static_assert(plain_handler<stored> || identified_handler<stored>,
                          "mortise::blocking is for a plain handler, which takes a const "
                          "mortise::request&; a coroutine awaits mortise::offload() instead");
            add<terms{}>(route, detail::blocking_handler<stored>{std::forward<Handler>(handler)});
        } else if constexpr (waiting_handler<stored>) {
            route.flags |= MORTISE_ROUTE_MAY_WAIT;
            store_.add(route, detail::enter_coroutine_of<detail::bound_handler<stored>>,
                       std::forward<Handler>(handler));
        } else {
            static_assert(!identified_handler<stored>,
                          "the identity is given to handlers of mortise::blocking; others ask for "
                          "request.identity()");
            static_assert(!Terms.must_wait,
                          "this option is for a handler that waits: a coroutine that takes a "
                          "mortise::exchange&");
            store_.add(route, detail::enter_handler<stored>, std::forward<Handler>(handler));
        }
    }

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
