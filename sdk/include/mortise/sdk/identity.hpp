// SPDX-License-Identifier: BSL-1.0
// By what a request is known beyond the host, and whom it comes from.
#pragma once

#include <mortise/abi/ext/identity.h>
#include <mortise/sdk/detail/services.hpp>
#include <mortise/sdk/detail/view.hpp>

#include <cstdint>
#include <new>
#include <stdexcept>
#include <string_view>

namespace mortise {
inline namespace sdk_v0 {

// A value; request::identity() gives it. Its views are valid as long as the request is, also when
// the client has left. Asking again gives the same.
//
//     const mortise::identity who = exchange.request().identity();
//     fields.emplace_back("X-Request-Id", who.request_id()); // of a call to the next service
//     if (!who.traceparent().empty()) {
//         fields.emplace_back("traceparent", who.traceparent());
//     }
class identity {
public:
    // Used by the SDK.
    explicit identity(const mortise_identity& raw) noexcept : raw_{raw} {}

    // As in the access log: made by the host, or what a trusted proxy calls it. Never empty.
    std::string_view request_id() const noexcept { return detail::from_abi(raw_.request_id); }

    // The client: "192.0.2.1", "2001:db8::1", "unix". Behind trusted proxies who they say it is.
    // Empty where nothing is known.
    std::string_view client_address() const noexcept {
        return detail::from_abi(raw_.client_address);
    }

    // A field value that passes the request's trace on as it came (W3C Trace Context, 3.2); a
    // plugin that takes part in the trace puts the number of its own step in the place of
    // parent_id(). Empty, as the two below, where the request is part of no trace.
    std::string_view traceparent() const noexcept { return detail::from_abi(raw_.traceparent); }
    std::string_view trace_id() const noexcept { return detail::from_abi(raw_.trace_id); }
    std::string_view parent_id() const noexcept { return detail::from_abi(raw_.parent_id); }
    // Whether the caller records the trace.
    bool is_recorded() const noexcept { return (raw_.trace_flags & 1) != 0; }

private:
    mortise_identity raw_;
};

namespace detail {

// Where a request came to its handler, or to a filter behind a response.
struct occasion {
    const detail::services* services = nullptr; // null: no host has made it
    mortise_exchange exchange = 0;
    mortise_response* response = nullptr; // null: it is the exchange's
};

inline mortise::identity identity_at(const occasion& at) {
    if (at.services == nullptr) {
        throw std::logic_error{"a request that no host has made has no identity"};
    }
    const auto& table = needed(*at.services, at.services->identity, MORTISE_IDENTITY_EXTENSION);
    mortise_identity raw{};
    raw.size = sizeof raw;
    const auto result = at.response != nullptr ? table.of_response(at.response, &raw)
                                               : table.of_exchange(at.exchange, &raw);
    if (result == MORTISE_E_MEMORY) {
        throw std::bad_alloc{};
    }
    if (result != MORTISE_OK) {
        throw std::logic_error{
            result == MORTISE_E_THREAD
                ? "identity() is asked on the request's loop; a blocking handler "
                  "takes it as its second parameter"
                : "identity() is asked of a request that is over"};
    }
    return mortise::identity{raw};
}

} // namespace detail

} // namespace sdk_v0
} // namespace mortise
