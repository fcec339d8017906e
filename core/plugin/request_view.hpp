// SPDX-License-Identifier: BSL-1.0
// A request as a plugin reads it: pointers are copied, bytes are not.
#pragma once

#include "http/exchange.hpp"
#include "plugin/view.hpp"

#include <mortise/abi/request.h>

#include <cstdint>
#include <span>
#include <string_view>

namespace mortise::plugin {

// http::field and http::path_parameter are both a name and a value.
template <class Pair>
mortise_field* view_pairs(std::span<const Pair> pairs, mortise_field* to) noexcept {
    for (const Pair& each : pairs) {
        *to++ = {to_abi(each.name), to_abi(each.value)};
    }
    return to;
}

// Fills `view` from the exchange, but for method, loop and loop_state; the arrays come from
// exchange.memory(). The texts live as long as the exchange's own (keep_request()), `content` as
// long as the caller says. Inline: it stands in the path of every request.
inline void view_request(http::exchange& exchange, std::string_view content,
                         mortise_request& view) {
    const http::request& request = exchange.request();
    const auto parameters = exchange.parameters();
    mortise_field* const fields =
        exchange.memory().array<mortise_field>(request.fields.size() + parameters.size()).data();
    view.size = sizeof view;
    view.field_count = static_cast<std::uint32_t>(request.fields.size());
    view.parameter_count = static_cast<std::uint32_t>(parameters.size());
    view.version = 10U + request.version_minor;
    view.target = to_abi(request.target);
    view.path = to_abi(request.path);
    view.query = to_abi(request.query);
    view.authority = to_abi(request.authority);
    view.fields = fields;
    view.parameters = view_pairs(request.fields, fields);
    view_pairs(parameters, fields + view.field_count);
    view.content_length = request.framing == http::content_framing::chunked
                              ? -1
                              : static_cast<std::int64_t>(request.content_length);
    view.content = to_abi(content);
}

} // namespace mortise::plugin
