// SPDX-License-Identifier: BSL-1.0
// What an exchange is asked for rarely.
#include "http/exchange.hpp"

#include "http/identity.hpp"

#include <algorithm>
#include <memory>
#include <type_traits>

namespace mortise::http {

std::string_view exchange::request_id() {
    if (made_ == asked_for::nothing) {
        random_id made;
        auto id = is_peer_trusted() ? find_request_id(request_.fields) : std::string_view{};
        if (id.empty()) {
            made = make_random_id();
            id = {made.data(), made.size()};
        }
        id_ = memory_.copy(id);
        made_ = asked_for::id;
    }
    return id_;
}

const exchange::identity& exchange::known_as() {
    static_assert(std::is_trivially_destructible_v<identity>);
    if (made_ != asked_for::identity) {
        identity made{.request_id = request_id(), .trace_parent = {}, .client_address = {}};
        if (const auto parent = find_trace_parent(request_.fields)) {
            const auto text = write_trace_parent(*parent);
            made.trace_parent = memory_.copy({text.data(), text.size()});
        }
        address_room room;
        made.client_address = memory_.copy(client_address(room));
        known_as_ = std::construct_at(memory_.array<identity>(1).data(), made);
        made_ = asked_for::identity;
    }
    return *known_as_;
}

} // namespace mortise::http
