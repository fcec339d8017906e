// SPDX-License-Identifier: BSL-1.0
// The head of a request as the rest of the house reads it: judged, split, not copied.
#pragma once

#include "http/field.hpp"
#include "http/method.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace mortise::http {

// How the end of the content is found (RFC 9112, 6.3). A request is never framed by the end of
// the connection.
enum class content_framing : std::uint8_t { none, length, chunked };

// Every view points into memory of the exchange's connection and is valid until the exchange is
// answered, or, once exchange::keep_request() was called, for the life of the exchange.
struct request {
    http::method method = method::unknown;
    std::uint8_t version_minor = 1; // 0 for HTTP/1.0, 1 for HTTP/1.1 and later 1.x
    content_framing framing = content_framing::none;
    bool expects_continue = false;    // Expect: 100-continue (RFC 9110, 10.1.1)
    bool wants_close = false;         // what the client asked for (RFC 9112, 9.3)
    bool is_path_escaped = false;     // whether the path holds a percent-encoded octet
    std::uint64_t content_length = 0; // with content_framing::length
    std::string_view target;          // as received
    std::string_view path;            // dot segments removed, percent-encoded; "*" for OPTIONS *
    std::string_view query;           // without "?", as received
    std::string_view authority;       // host[:port]; empty only in HTTP/1.0
    std::span<const field> fields;    // in the order received, without framing's trailers
};

} // namespace mortise::http
