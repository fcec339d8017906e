// SPDX-License-Identifier: BSL-1.0
// Status codes (RFC 9110, 15), in Beast's vocabulary.
#pragma once

#include <boost/beast/http/status.hpp>

#include <string_view>

namespace mortise::http {

// The reason phrase of a status code. The text lives as long as the program.
inline std::string_view reason_phrase(unsigned status) noexcept {
    return boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(status));
}

} // namespace mortise::http
