// SPDX-License-Identifier: BSL-1.0
// From bytes to a judged request: grammar, target, framing, Host, persistence.
#pragma once

#include "base/arena.hpp"
#include "http/problem.hpp"
#include "http/request.hpp"
#include "http1/limits.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace mortise::http1 {

// What is known of a head that has not arrived whole; zero before its first byte.
struct head_progress {
    std::uint32_t seen = 0;    // bytes that hold no verdict
    std::uint32_t look_at = 0; // until so many bytes are there, only a line's end can change that
};

struct head {
    enum class state { complete, incomplete, refused };
    state now;
    std::size_t size = 0;                        // bytes of the head, with complete
    http::problem why{};                         // with refused; the connection then ends
    http::method method = http::method::unknown; // with refused, where the request line says it
};

// Reads the head at the front of `bytes`. With complete, `out` is filled with views into `bytes`,
// `field_room` (at least limits.field_count long) and `memory`. With incomplete, call again with
// the same bytes and more. However the input is cut into pieces, what is accepted is the same, and
// so is the reason for what is refused; but within a line that has not ended, a refusal may wait
// for its end or for 512 bytes more.
head read_head(std::string_view bytes, head_progress& progress, const limits& limits,
               std::span<http::field> field_room, base::arena& memory, http::request& out);

} // namespace mortise::http1
