// SPDX-License-Identifier: BSL-1.0
// What an exchange is asked for rarely.
#include "http/exchange.hpp"

#include "http/identity.hpp"

#include <algorithm>

namespace mortise::http {

std::string_view exchange::request_id() {
    if (!has_id_) {
        random_id made;
        auto id = is_peer_trusted() ? find_request_id(request_.fields) : std::string_view{};
        if (id.empty()) {
            made = make_random_id();
            id = {made.data(), made.size()};
        }
        const auto room = memory_.array<char>(id.size());
        std::ranges::copy(id, room.begin());
        id_ = {room.data(), room.size()};
        has_id_ = true;
    }
    return id_;
}

} // namespace mortise::http
