// SPDX-License-Identifier: BSL-1.0
// One route of one plugin: turns an exchange into a call over the border, and judges what it did.
#pragma once

#include "http/exchange.hpp"
#include "http/handler.hpp"
#include "http/problem.hpp"

#include <mortise/abi/host.h>
#include <mortise/abi/request.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace mortise::plugin {

class exchange_table;
class instance;

// What a client is answered where there is none for its request.
inline constexpr http::problem no_memory{503, "Service Unavailable", "no memory"};

// A copy of what the plugin registered.
struct route {
    std::string method;          // "GET"
    std::string host;            // "example.org", "*.example.org"; empty: every host
    std::string pattern;         // "/{name}"
    std::uint32_t flags;         // MORTISE_ROUTE_…
    std::uint64_t content_limit; // bytes; 0: the host's own
    mortise_handle call;
    void* user;

    bool may_wait() const noexcept { return (flags & MORTISE_ROUTE_MAY_WAIT) != 0; }
    bool wants_content() const noexcept { return (flags & MORTISE_ROUTE_CONTENT) != 0; }
    // What a client that leaves means, and how much content it reads by itself.
    bool has_terms() const noexcept {
        return (flags & (MORTISE_ROUTE_KEEPS_ON | MORTISE_ROUTE_HALF_CLOSE_LEAVES)) != 0 ||
               (content_limit != 0 && !wants_content());
    }
};

// Owned by its instance. handle() runs on a loop that has entered the instance and whose
// exchange_table is attached to the thread; its memory is the exchange's.
class handler : public http::handler {
public:
    handler(instance& owner, route copied) noexcept;
    virtual ~handler() = default;

    void handle(http::exchange& exchange) noexcept override;

    const plugin::route& route() const noexcept { return route_; }
    instance& owner() const noexcept { return owner_; }

    // Whether its owner has a limit of requests, of which a pending one is one.
    bool is_counted() const noexcept { return is_counted_; }

    // The plugin leaves the exchange to somebody else, and holds it no more.
    virtual void decline(http::exchange& exchange) const noexcept;
    // Answers in the place of a plugin that admits no requests.
    void turn_away(http::exchange& exchange) const noexcept;
    // Whether it is a filter, which does not touch content.
    virtual bool is_filter() const noexcept { return false; }

    // Calls the plugin once the content is there; `content` lives as long as the exchange.
    void call(http::exchange& exchange, std::string_view content) noexcept;

    // The part of an exchange's number that names the plugin.
    std::uint64_t number_part() const noexcept { return number_part_; }

    // Reports a fault of this route's plugin: "0.1.0 GET /{name}: replied twice". [any]
    void report_fault(std::string_view what) const noexcept;

private:
    bool set_limits(http::exchange& exchange) const noexcept;
    void turn_away_surplus(http::exchange& exchange) const noexcept;
    bool set_terms(http::exchange& exchange) const;
    bool take_place(exchange_table& table, http::exchange& exchange) const;
    void call_plugin(http::exchange& exchange, std::string_view content);
    std::int32_t cross(mortise_exchange number, const mortise_request& request) const noexcept;
    virtual std::string named(std::string_view what) const;
    void report(std::int32_t result) const noexcept;
    void judge(http::exchange& exchange, mortise_exchange number, std::int32_t result) noexcept;

    instance& owner_;
    plugin::route route_;
    http::method method_;
    std::uint64_t number_part_;
    bool has_terms_; // of its route, or is_limited_
    bool is_counted_;
    bool is_limited_; // in time or memory
};

} // namespace mortise::plugin
