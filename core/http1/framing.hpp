// SPDX-License-Identifier: BSL-1.0
// Where a request's content ends, and whose request it is: the decisions that smuggling attacks.
#pragma once

#include "http/problem.hpp"
#include "http/request.hpp"

#include <cstdint>
#include <string_view>

namespace mortise::http1 {

// What a head said of framing and Host; counts are field lines.
struct framing_fields {
    std::string_view content_length;    // of the last line
    std::string_view transfer_encoding; // of the last line
    std::string_view host;              // of the last line
    unsigned content_length_count = 0;
    unsigned transfer_encoding_count = 0;
    unsigned host_count = 0;
};

struct framing_decision {
    http::content_framing framing = http::content_framing::none;
    std::uint64_t content_length = 0;
    const http::problem* why = nullptr; // null: decided; else the request is refused
};

// RFC 9112, 6.1 to 6.3, in the safe reading: whatever two readers could read in two ways is
// refused.
framing_decision decide_framing(const framing_fields& fields, std::uint8_t version_minor) noexcept;

// RFC 9112, 3.2: exactly one Host in HTTP/1.1, at most one in HTTP/1.0, with a valid authority.
// nullptr: as it should be.
const http::problem* judge_host(const framing_fields& fields, std::uint8_t version_minor) noexcept;

} // namespace mortise::http1
