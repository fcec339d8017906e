// SPDX-License-Identifier: BSL-1.0
// An authority without user information: host and port (RFC 9110, 4.2 and 7.2).
#pragma once

#include <optional>
#include <string_view>

namespace mortise::http {

// Views into the text that was split.
struct authority {
    std::string_view host; // a registered name, an IPv4 address, or "[" IPv6 "]"
    std::string_view port; // digits; empty where none is stated
};

// Nothing where `text` is not a valid authority: an empty host, user information, a port that is
// no number up to 65535.
std::optional<authority> split_authority(std::string_view text) noexcept;

} // namespace mortise::http
