// SPDX-License-Identifier: BSL-1.0
// The Date field's value (IMF-fixdate, RFC 9110, 5.6.7).
#pragma once

#include "base/clock.hpp"

#include <span>

namespace mortise::http {

// Writes "Sun, 06 Nov 1994 08:49:37 GMT". For the years 1970 to 9999.
void write_date(base::unix_milliseconds when, std::span<char, 29> to) noexcept;

} // namespace mortise::http
