// SPDX-License-Identifier: BSL-1.0
// Filling the border's request: pointers are copied, bytes are not.
#include "plugin/request_view.hpp"

#include "plugin/view.hpp"

namespace mortise::plugin {
namespace {

// http::field and http::path_parameter are both a name and a value.
template <class Pair>
const mortise_field* view_pairs(base::arena& memory, std::span<const Pair> pairs) {
    const auto views = memory.array<mortise_field>(pairs.size());
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        views[i] = {to_abi(pairs[i].name), to_abi(pairs[i].value)};
    }
    return views.data();
}

std::int64_t content_length(const http::request& request) noexcept {
    return request.framing == http::content_framing::chunked
               ? -1
               : static_cast<std::int64_t>(request.content_length);
}

} // namespace

void view_request(http::exchange& exchange, std::string_view content, mortise_request& view) {
    const http::request& request = exchange.request();
    const auto parameters = exchange.parameters();
    view.size = sizeof view;
    view.field_count = static_cast<std::uint32_t>(request.fields.size());
    view.parameter_count = static_cast<std::uint32_t>(parameters.size());
    view.version = 10U + request.version_minor;
    view.method = to_abi(http::method_name(request.method));
    view.target = to_abi(request.target);
    view.path = to_abi(request.path);
    view.query = to_abi(request.query);
    view.authority = to_abi(request.authority);
    view.fields = view_pairs(exchange.memory(), request.fields);
    view.parameters = view_pairs(exchange.memory(), parameters);
    view.content_length = content_length(request);
    view.content = to_abi(content);
}

} // namespace mortise::plugin
