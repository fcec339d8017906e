// SPDX-License-Identifier: BSL-1.0
// Whether the client wants the connection to last (RFC 9112, 9.3).
#pragma once

#include <cstdint>
#include <string_view>

namespace mortise::http1 {

// The connection options that matter here, gathered over all Connection lines.
struct connection_options {
    bool close = false;
    bool keep_alive = false;
};

// Adds the options of one Connection line (a list of tokens, without regard to case).
void add_options(std::string_view value, connection_options& options) noexcept;

// HTTP/1.1 lasts unless it says close; HTTP/1.0 ends unless it says keep-alive. close wins.
constexpr bool wants_close(connection_options options, std::uint8_t version_minor) noexcept {
    return options.close || (version_minor == 0 && !options.keep_alive);
}

} // namespace mortise::http1
