// SPDX-License-Identifier: BSL-1.0
// By what a request is known: its id, its trace and its client, as the extension identity says
// them.
#pragma once

#include <mortise/abi/ext/identity.h>
#include <mortise/sdk/field.hpp>
#include <mortise/testing/detail/exchange_memory.hpp>
#include <mortise/testing/detail/stage.hpp>
#include <mortise/testing/request.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {
namespace detail {

// Strictly, as the server does. Empty: it breaks a rule (W3C Trace Context, 3.2).
inline std::string trace_of(std::string_view value) {
    constexpr std::size_t size = 55; // of version 00
    const std::string_view digits = "0123456789abcdef";
    if (value.size() < size || value.starts_with("ff") ||
        (value.size() > size && (value.starts_with("00") || value[size] != '-'))) {
        return {};
    }
    std::size_t at = 0;
    for (const std::size_t length : {2, 32, 16, 2}) {
        const auto part = value.substr(at, length);
        const bool is_id = length > 2;
        if (part.find_first_not_of(digits) != part.npos ||
            (is_id && part.find_first_not_of('0') == part.npos) ||
            (at + length < size && value[at + length] != '-')) {
            return {};
        }
        at += length + 1;
    }
    std::string trace{value.substr(0, size)};
    if (!trace.starts_with("00")) { // of a later version what 00 knows
        trace.replace(0, 2, "00");
        trace.replace(size - 2, 2, digits.find(trace.back()) % 2 == 1 ? "01" : "00");
    }
    return trace;
}

class known_as {
public:
    known_as(const request& asked, std::uint64_t number)
        : request_id_{asked.request_id().value_or(made_id(number))},
          client_address_{asked.client_address()} {
        int count = 0;
        for (const auto& [name, value] : asked.fields()) {
            if (mortise::detail::is_same_name(name, "traceparent")) {
                trace_ = ++count == 1 ? trace_of(value) : "";
            }
        }
    }

    // Which rule the call breaks; empty: it is written, with texts in `memory`.
    std::string write(mortise_identity* into, exchange_memory& memory) const {
        if (into == nullptr || into->size < sizeof *into) {
            return "the identity is null, or its size is smaller than mortise_identity";
        }
        const auto trace = memory.copy(trace_);
        const bool has_trace = !trace.empty();
        *into = {.size = sizeof *into,
                 .trace_flags = has_trace ? flags_of(trace) : 0,
                 .request_id = to_abi(memory.copy(request_id_)),
                 .traceparent = to_abi(trace),
                 .trace_id = to_abi(has_trace ? trace.substr(3, 32) : trace),
                 .parent_id = to_abi(has_trace ? trace.substr(36, 16) : trace),
                 .client_address = to_abi(memory.copy(client_address_))};
        return {};
    }

private:
    // Of 32 digits, as those of the server are.
    static std::string made_id(std::uint64_t number) {
        const std::string decimal = std::to_string(number);
        return std::string(32 - decimal.size(), '0') + decimal;
    }
    static std::uint32_t flags_of(std::string_view trace) {
        return static_cast<std::uint32_t>(std::stoul(std::string{trace.substr(53)}, nullptr, 16));
    }

    std::string request_id_;
    std::string trace_;
    std::string client_address_;
};

} // namespace detail
} // namespace testing
} // namespace sdk_v0
} // namespace mortise
