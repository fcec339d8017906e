// SPDX-License-Identifier: BSL-1.0
// A request as a plugin reads it: pointers are copied, bytes are not.
#pragma once

#include "http/exchange.hpp"
#include "plugin/view.hpp"

#include <mortise/abi/request.h>

#include <cstdint>
#include <string_view>

namespace mortise::plugin {

// Where the views of a request that stays where it is are found.
struct unmoved_text {
    static std::string_view moved(std::string_view view) noexcept { return view; }
    static std::string_view moved_if_inside(std::string_view view) noexcept { return view; }
};

// How many fields and parameters view_request() writes.
inline std::size_t count_pairs(const http::exchange& exchange) noexcept {
    return exchange.request().fields.size() + exchange.parameters().size();
}

// Fills `view` from the exchange, but for method, loop, loop_state and memory; `to` is the room for
// its fields and parameters. The texts live as long as the exchange's own, or where `text` is what
// keep_text() gave, as long as the exchange; `content` as long as the caller says. Inline: it
// stands in the path of every request.
template <class Text>
[[gnu::always_inline]] inline void view_request(const http::exchange& exchange, const Text& text,
                                                std::string_view content, mortise_request& view,
                                                mortise_field* to) {
    const http::request& request = exchange.request();
    const auto parameters = exchange.parameters();
    view.size = sizeof view;
    view.field_count = static_cast<std::uint32_t>(request.fields.size());
    view.parameter_count = static_cast<std::uint32_t>(parameters.size());
    view.version = 10U + request.version_minor;
    view.target = to_abi(text.moved(request.target));
    view.path = to_abi(text.moved_if_inside(request.path));
    view.query = to_abi(text.moved_if_inside(request.query));
    view.authority = to_abi(text.moved_if_inside(request.authority));
    view.fields = to;
    for (const http::field& each : request.fields) { // all of them stand in the text
        *to++ = {to_abi(text.moved(each.name)), to_abi(text.moved(each.value))};
    }
    view.parameters = to;
    for (const http::path_parameter& each : parameters) { // the name is the route's
        *to++ = {to_abi(each.name), to_abi(text.moved_if_inside(each.value))};
    }
    view.content_length = request.framing == http::content_framing::chunked
                              ? -1
                              : static_cast<std::int64_t>(request.content_length);
    view.content = to_abi(content);
}

} // namespace mortise::plugin
