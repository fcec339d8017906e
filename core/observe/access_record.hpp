// SPDX-License-Identifier: BSL-1.0
// What the access log tells of one exchange.
#pragma once

#include "base/clock.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace mortise::observe {

enum class access_format : std::uint8_t { off, combined, json };

// Views that are valid during one call. Empty: unknown, written as "-" or left out.
struct access_record {
    std::array<std::uint8_t, 16> address{}; // network byte order; the first 4 bytes with IPv4
    std::uint8_t address_size = 0;          // 4, 16, or 0 for none
    unsigned status = 0;
    std::uint8_t version_minor = 1;
    std::uint64_t content_size = 0; // bytes of content sent
    base::unix_milliseconds time{}; // when the answer was made
    base::milliseconds duration{};  // from the head to the answer
    std::string_view method;        // empty where the request could not be read
    std::string_view target;
    std::string_view authority;
    std::string_view referer;
    std::string_view user_agent;
    std::string_view route;
    std::string_view request_id; // told in JSON alone, like the next
    std::string_view trace_id;
};

} // namespace mortise::observe
