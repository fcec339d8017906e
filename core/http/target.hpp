// SPDX-License-Identifier: BSL-1.0
// The request target (RFC 9112, 3.2): its form, and the path that routes are matched against.
#pragma once

#include "base/arena.hpp"
#include "http/method.hpp"
#include "http/problem.hpp"

#include <string_view>

namespace mortise::http {

// Views into the target, or into the arena where the path had to be changed.
struct target {
    std::string_view path;        // begins with "/", or is "*"
    std::string_view query;       // without "?"
    std::string_view authority;   // of the absolute form; else empty
    bool is_path_escaped = false; // the path holds an escape
};

// Splits and judges `text`, which has visible ASCII characters only. nullptr: `out` is filled;
// else why the request is refused.
//
// The path comes out with dot segments removed (RFC 3986, 5.2.4), "%2e" counting as a dot, and
// with escapes of unreserved characters decoded (6.2.2.2). Every other escape stays, so that an
// encoded "/" never makes a new segment.
const problem* read_target(std::string_view text, method asked, base::arena& memory, target& out);

} // namespace mortise::http
