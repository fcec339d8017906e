// SPDX-License-Identifier: BSL-1.0
// A response as a strict client reads it.
#pragma once

#include "script.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mortise::conformance {

struct answer {
    unsigned status = 0;
    std::vector<std::pair<std::string, std::string>> fields;
    std::string content;

    std::size_t count(std::string_view name) const noexcept;
    // Of the first field with this name; empty if there is none.
    std::string_view value(std::string_view name) const noexcept;
};

// Takes one response from the front of `bytes`. What every response must keep is judged here: the
// status line, one Date, either Content-Length or the chunked coding, and none of them with 1xx,
// 204 and 304 (RFC 9110, 6.4.1 and 6.6.1; RFC 9112, 6). Content until close has none of them
// either, and content that is cut off ends before it says. Empty: `out` is that response; else what
// is wrong.
std::string read_answer(std::string_view& bytes, expectation::ending ends, answer& out);

} // namespace mortise::conformance
