// SPDX-License-Identifier: BSL-1.0
// The rules of HTTP that the host holds every response against.
#pragma once

#include <mortise/abi/request.h>
#include <mortise/sdk/field.hpp>
#include <mortise/testing/detail/stage.hpp>
#include <mortise/testing/log_line.hpp>

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {
namespace detail {

constexpr bool is_token(std::string_view text) noexcept {
    return !text.empty() && std::ranges::all_of(text, [](char byte) {
        return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
               (byte >= 'A' && byte <= 'Z') ||
               std::string_view{"!#$%&'*+-.^_`|~"}.find(byte) != std::string_view::npos;
    });
}

constexpr bool is_field_value(std::string_view text) noexcept {
    return std::ranges::all_of(text, [](char byte) {
        const auto code = static_cast<unsigned char>(byte);
        return code == '\t' || (code >= ' ' && code != 0x7f);
    });
}

// What is wrong with a field line; empty where nothing is. `length` is that of the content, or -1.
inline std::string rule_broken_by(std::string_view name, std::string_view value,
                                  std::int64_t length) {
    if (!is_token(name)) {
        return "the field name \"" + std::string{name} + "\" is not a token";
    }
    if (!is_field_value(value)) {
        return "the value of " + std::string{name} + " has a control character";
    }
    for (const auto* const ours :
         {"Date", "Connection", "Keep-Alive", "Transfer-Encoding", "Trailer", "Upgrade"}) {
        if (mortise::detail::is_same_name(name, ours)) {
            return std::string{ours} + " is the host's to write";
        }
    }
    if (mortise::detail::is_same_name(name, "Content-Length") && value != std::to_string(length)) {
        return "Content-Length differs from the content's size";
    }
    return {};
}

// What is wrong with a reply; empty where nothing is.
inline std::string rule_broken_by(const mortise_reply* reply, std::int64_t length) {
    if (reply == nullptr || reply->size < sizeof *reply) {
        return "the reply is null, or its size is smaller than mortise_reply";
    }
    if (reply->status < 200 || reply->status > 599) {
        return "the status " + std::to_string(reply->status) + " is not between 200 and 599";
    }
    if (reply->field_count > 1024 || (reply->field_count != 0 && reply->fields == nullptr)) {
        return "the fields are null, or more than 1024";
    }
    if (!is_sound(reply->content)) {
        return "the content is null with a size";
    }
    for (std::uint32_t at = 0; at != reply->field_count; ++at) {
        const auto& [name, value] = reply->fields[at];
        if (!is_sound(name) || !is_sound(value)) {
            return "a field's name or value is null with a size";
        }
        if (auto rule = rule_broken_by(from_abi(name), from_abi(value), length); !rule.empty()) {
            return rule;
        }
    }
    return {};
}

inline field_lines copy_fields(const mortise_reply& head) {
    field_lines lines;
    for (std::uint32_t at = 0; at != head.field_count; ++at) {
        lines.emplace_back(copy(head.fields[at].name), copy(head.fields[at].value));
    }
    return lines;
}

// RFC 9110, 6.4.1.
constexpr bool may_have_content(unsigned status) noexcept {
    return status != 204 && status != 304;
}

} // namespace detail
} // namespace testing
} // namespace sdk_v0
} // namespace mortise
