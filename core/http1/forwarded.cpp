// SPDX-License-Identifier: BSL-1.0
// Lists of forwarders, from the end.
#include "http1/forwarded.hpp"

#include "base/ascii.hpp"
#include "base/decimal.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace mortise::http1 {

namespace {

constexpr std::string_view forwarded_name = "Forwarded";
constexpr std::string_view for_name = "X-Forwarded-For";

bool is_token(std::string_view text) noexcept {
    return std::ranges::all_of(text, [](char byte) { return base::is_of(byte, base::token_byte); });
}

// Whether the byte at `at` is escaped: an odd number of backslashes stands before it.
bool is_escaped(std::string_view text, std::size_t at) noexcept {
    std::size_t count = 0;
    while (count < at && text[at - 1 - count] == '\\') {
        ++count;
    }
    return count % 2 != 0;
}

// Takes the last element off a list. From the end, so that a quote which a client has left open
// cannot hide what proxies have added behind it.
std::string_view take_last(std::string_view& list) noexcept {
    bool is_quoted = false;
    std::size_t at = list.size();
    for (; at > 0; --at) {
        const char byte = list[at - 1];
        if (byte == '"' && !(is_quoted && is_escaped(list, at - 1))) {
            is_quoted = !is_quoted;
        } else if (byte == ',' && !is_quoted) {
            break;
        }
    }
    const auto element = base::trim(list.substr(at));
    list = list.substr(0, at == 0 ? 0 : at - 1);
    return element;
}

// "", ":80" or, where obfuscated, ":_x".
std::optional<std::uint16_t> parse_port(std::string_view text) noexcept {
    if (text.empty() || text.starts_with(":_")) {
        return std::uint16_t{0};
    }
    const auto number = text.front() == ':' ? base::parse_decimal(text.substr(1)) : std::nullopt;
    if (!number || *number > 65535) {
        return std::nullopt;
    }
    return static_cast<std::uint16_t>(*number);
}

// "192.0.2.1", "[2001:db8::1]", both with or without a port; and, where it is not `strict`,
// "2001:db8::1".
std::optional<net::address> parse_node(std::string_view text, bool strict) noexcept {
    const bool has_brackets = text.starts_with('[');
    const bool is_bare_v6 = !has_brackets && std::ranges::count(text, ':') > 1;
    if (is_bare_v6 && strict) {
        return std::nullopt;
    }
    const auto end = is_bare_v6 ? text.size() : text.find(has_brackets ? ']' : ':');
    if (has_brackets && end == text.npos) {
        return std::nullopt;
    }
    const auto host = text.substr(0, end);
    auto node = net::parse_address(has_brackets ? host.substr(1) : host);
    const auto behind = std::min(text.size(), has_brackets ? end + 1 : end);
    const auto port = parse_port(text.substr(behind));
    if (!node || !port || (has_brackets && host.find(':') == host.npos)) {
        return std::nullopt;
    }
    node->port = *port;
    return node;
}

// The value of one forwarded-pair at the front of `text`, which goes with it and the semicolon
// behind it. Nothing: malformed.
std::optional<std::pair<std::string_view, std::string_view>>
take_pair(std::string_view& text) noexcept {
    const auto equals = text.find('=');
    const auto name = text.substr(0, equals);
    if (equals == text.npos || name.empty() || !is_token(name)) {
        return std::nullopt;
    }
    text.remove_prefix(equals + 1);
    std::string_view value;
    if (text.starts_with('"')) {
        std::size_t end = 1;
        while (end < text.size() && text[end] != '"') {
            end += text[end] == '\\' ? 2 : 1;
        }
        if (end >= text.size()) {
            return std::nullopt;
        }
        value = text.substr(1, end - 1);
        text.remove_prefix(end + 1);
    } else {
        const auto end = std::min(text.find(';'), text.size());
        value = base::trim(text.substr(0, end));
        if (!is_token(value)) {
            return std::nullopt;
        }
        text.remove_prefix(end);
    }
    text = base::trim(text);
    if (!text.empty()) {
        if (text.front() != ';') {
            return std::nullopt;
        }
        text = base::trim(text.substr(1));
    }
    return std::pair{name, value};
}

// The node that "by=…;for=…" was forwarded for.
std::optional<net::address> parse_element(std::string_view element) noexcept {
    std::optional<std::string_view> node;
    while (!element.empty()) {
        const auto pair = take_pair(element);
        if (!pair) {
            return std::nullopt;
        }
        if (base::equal_ignoring_case(pair->first, "for")) {
            if (node) {
                return std::nullopt; // RFC 7239, 4: once in an element
            }
            node = pair->second;
        }
    }
    return node ? parse_node(*node, true) : std::nullopt;
}

} // namespace

[[gnu::noinline]] net::address
client_of(std::span<const http::field> fields, const net::address& peer,
          const std::vector<net::address_block>& trusted_proxies) noexcept {
    const bool has_forwarded = http::find_field(fields, forwarded_name) != nullptr;
    const auto name = has_forwarded ? forwarded_name : for_name;
    net::address client = peer;
    for (auto line = fields.rbegin(); line != fields.rend(); ++line) {
        if (!base::equal_ignoring_case(line->name, name)) {
            continue;
        }
        for (std::string_view list = line->value; !list.empty();) {
            const auto element = take_last(list);
            if (element.empty()) {
                continue; // RFC 9110, 5.6.1.2
            }
            if (!net::contains(trusted_proxies, client)) {
                return client;
            }
            const auto next = has_forwarded ? parse_element(element) : parse_node(element, false);
            if (!next) {
                return client;
            }
            client = *next;
        }
    }
    return client;
}

} // namespace mortise::http1
