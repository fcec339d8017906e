// SPDX-License-Identifier: BSL-1.0
// Which fields a response may have that the host did not make (RFC 9110, 5.1 and 5.5).
#pragma once

#include "base/ascii.hpp"
#include "base/scan.hpp"
#include "http/field.hpp"

#include <string_view>

namespace mortise::http {

// Fields that frame the message or manage the connection: a handler's idea of them would
// contradict the connection's (RFC 9112, 6.1 and 9.6).
constexpr bool is_the_connections(std::string_view name) noexcept {
    switch (name.size()) {
    case 4:
        return base::equal_ignoring_case(name, "Date");
    case 7:
        return base::equal_ignoring_case(name, "Trailer") ||
               base::equal_ignoring_case(name, "Upgrade");
    case 10:
        return base::equal_ignoring_case(name, "Connection") ||
               base::equal_ignoring_case(name, "Keep-Alive");
    case 17:
        return base::equal_ignoring_case(name, "Transfer-Encoding");
    default:
        return false;
    }
}

constexpr bool is_content_length(std::string_view name) noexcept {
    return name.size() == 14 && base::equal_ignoring_case(name, "Content-Length");
}

// Why `field` may not be sent, in constant text; empty if it may. A Content-Length is judged
// elsewhere.
[[gnu::always_inline]] inline std::string_view fault_of_sent(const field& field) noexcept {
    if (!base::is_field_value(field.value)) {
        return "a field value has CR, LF, NUL or another control character";
    }
    if (field.name.size() == 12 && base::starts_with(field.name, "Content-Type")) {
        return {}; // the one that nearly every response has
    }
    if (!base::is_token(field.name)) {
        return "a field name is not a token";
    }
    if (is_the_connections(field.name)) {
        return "Date, Connection, Keep-Alive, Transfer-Encoding, Trailer and Upgrade are the "
               "host's to write";
    }
    return {};
}

} // namespace mortise::http
