// SPDX-License-Identifier: BSL-1.0
// By what a request is known beyond this host: its id, and the trace that it is part of.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace mortise::http {

struct field;

// A traceparent field (W3C Trace Context, 3.2). Views of the field's value.
struct trace_parent {
    std::string_view trace_id;  // 32 lower-case hexadecimal digits, not all of them 0
    std::string_view parent_id; // 16 of them, likewise
    std::uint8_t flags = 0;     // bit 0: the caller records it
};

// Judges strictly. A version above 00 may have more behind what 00 has, which is not looked at, and
// flags that mean nothing in 00, which are left out (3.2.4).
std::optional<trace_parent> parse_trace_parent(std::string_view value) noexcept;

// That of a request; nothing where there is none, where it is invalid, or where there are two.
std::optional<trace_parent> find_trace_parent(std::span<const field> fields) noexcept;

// The field's value by which the trace goes on at whoever is asked next, in version 00.
using trace_parent_text = std::array<char, 2 + 1 + 32 + 1 + 16 + 1 + 2>;
trace_parent_text write_trace_parent(const trace_parent& parent) noexcept;

// The X-Request-Id among the fields, for a client that is believed. Empty where there is none,
// where there are two, or where it is not 1 to 128 of the letters, digits and "-._~+/=:@".
std::string_view find_request_id(std::span<const field> fields) noexcept;

// 128 random bits as lower-case hexadecimal digits.
using random_id = std::array<char, 32>;
random_id make_random_id() noexcept;

} // namespace mortise::http
