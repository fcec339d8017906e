// SPDX-License-Identifier: BSL-1.0
// Percent-encoding (RFC 3986, 2.1).
#pragma once

#include "base/arena.hpp"

#include <string_view>

namespace mortise::http {

// Whether each "%" in `text` is followed by two hexadecimal digits.
bool is_percent_encoded(std::string_view text) noexcept;

// The byte that two hexadecimal digits write.
unsigned char percent_byte(char high, char low) noexcept;

// `text` with each escape replaced by its byte; `text` itself where there is none, else a copy in
// `memory`. Its escapes were checked by is_percent_encoded().
std::string_view percent_decode(std::string_view text, base::arena& memory);

// The same for a path of several segments: an escaped "/" stays escaped, since it is no separator
// and must not become one.
std::string_view percent_decode_path(std::string_view text, base::arena& memory);

} // namespace mortise::http
