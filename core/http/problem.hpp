// SPDX-License-Identifier: BSL-1.0
// An answer that the host makes itself because a request cannot be served.
#pragma once

#include "http/response.hpp"

#include <cstddef>
#include <string_view>

namespace mortise::http {

class exchange;

// `status` is a code of RFC 9110, 15. `title` goes to the client: short, constant, no secrets.
// `detail` is for the log alone. Both texts live as long as the program, or as the exchange.
struct problem {
    unsigned status;
    std::string_view title;
    std::string_view detail = {};
};

// Answers `exchange` with the problem: application/problem+json (RFC 9457) where Accept allows
// it, else text. `extra` fields (Allow, Retry-After) are added, at most max_extra_fields. Takes
// memory of the exchange for a title of more than 768 bytes alone.
inline constexpr std::size_t max_extra_fields = 3;
void respond_with(exchange& exchange, const problem& problem, std::span<const field> extra = {});

// The content of a text answer to `problem`, for requests that never became an exchange:
// "400 Bad Request: title\n" in `room`, cut where room ends.
std::string_view problem_text(const problem& problem, std::span<char> room) noexcept;

} // namespace mortise::http
