// SPDX-License-Identifier: BSL-1.0
// Extension "mortise.identity/1".
#include "http/identity.hpp"

#include "http/exchange.hpp"
#include "plugin/extensions/extensions.hpp"
#include "plugin/filter.hpp"
#include "plugin/filtered_response.hpp"
#include "plugin/held_exchange.hpp"
#include "plugin/sized.hpp"
#include "plugin/view.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <string>

namespace mortise::plugin {
namespace {

mortise_identity view_of(const http::exchange::identity& known) noexcept {
    mortise_identity seen{.size = sizeof seen,
                          .trace_flags = 0,
                          .request_id = to_abi(known.request_id),
                          .traceparent = to_abi(known.trace_parent),
                          .trace_id = {},
                          .parent_id = {},
                          .client_address = to_abi(known.client_address)};
    if (const auto trace = http::parse_trace_parent(known.trace_parent)) {
        seen.trace_flags = trace->flags;
        seen.trace_id = to_abi(trace->trace_id);
        seen.parent_id = to_abi(trace->parent_id);
    }
    return seen;
}

// `by` is the handler or filter that a fault is reported of.
template <class By>
std::int32_t write(const By& by, http::exchange& of, const char* function,
                   mortise_identity* into) noexcept {
    if (!has_least_size(into)) {
        by.report_fault(std::string{function} +
                        ": the identity is null, or its size is smaller than mortise_identity");
        return MORTISE_E_INVALID;
    }
    try {
        auto seen = view_of(of.known_as());
        seen.size = std::min<std::uint32_t>(into->size, sizeof seen);
        std::memcpy(into, &seen, seen.size);
        return MORTISE_OK;
    } catch (const std::bad_alloc&) {
        return MORTISE_E_MEMORY;
    }
}

std::int32_t of_exchange(mortise_exchange number, mortise_identity* into) noexcept {
    constexpr auto* function = "identity of_exchange()";
    const auto call = find_exchange(number, function);
    return call.held.exchange != nullptr
               ? write(*call.held.route, *call.held.exchange, function, into)
               : call.refusal;
}

std::int32_t of_response(mortise_response* response, mortise_identity* into) noexcept {
    auto* const found = filtered_response::find(response);
    return found != nullptr ? write(found->by(), found->exchange(), "identity of_response()", into)
                            : MORTISE_E_STATE;
}

} // namespace

constexpr mortise_identity_calls identity_extension{.size = sizeof(mortise_identity_calls),
                                                    .reserved = 0,
                                                    .of_exchange = of_exchange,
                                                    .of_response = of_response};

} // namespace mortise::plugin
