// SPDX-License-Identifier: BSL-1.0
// Request methods (RFC 9110, 9), in Beast's vocabulary.
#pragma once

// clang-format off
#include <ostream> // which Beast's header needs and leaves out

#include <boost/beast/http/verb.hpp>
// clang-format on

#include <string_view>

namespace mortise::http {

// One of the registered methods; `method::unknown` stands for every other token.
using method = boost::beast::http::verb;

// In both directions, the usual method goes without the jump that a table of all of them costs.

// The method that `token` names; methods are case-sensitive.
inline method parse_method(std::string_view token) noexcept {
    return token == "GET" ? method::get : boost::beast::http::string_to_verb(token);
}

// The name of a known method. The text lives as long as the program.
inline std::string_view method_name(method known) noexcept {
    return known == method::get ? "GET" : std::string_view{boost::beast::http::to_string(known)};
}

} // namespace mortise::http
