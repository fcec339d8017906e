// SPDX-License-Identifier: BSL-1.0
// A field line: its name and its value (RFC 9110, 5).
#pragma once

#include <span>
#include <string_view>

namespace mortise::http {

// Views into memory that somebody else owns; no white space around the value.
struct field {
    std::string_view name;
    std::string_view value;
};

// The first field with this name, compared without regard to case; nullptr if there is none.
const field* find_field(std::span<const field> fields, std::string_view name) noexcept;

} // namespace mortise::http
