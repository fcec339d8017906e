// SPDX-License-Identifier: BSL-1.0
// A route's pattern: literal segments, {name}, and {name...} for the rest of the path.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mortise::routing {

// One part between two slashes.
struct segment {
    enum class kind { literal, parameter, rest };
    segment::kind kind;
    std::string text; // the literal as it reads percent-decoded, or the parameter's name
};

// "/files/{path...}" cut at its slashes. "/" has one empty literal segment, "/a/" ends with one:
// "/a" and "/a/" are two paths.
//
//   literal  matches itself, compared with the percent-decoded segment
//   {name}   matches one segment that is not empty
//   {name...} is the last segment, and matches what is left of the path, be it empty; its value is
//           percent-decoded but for escaped slashes
struct pattern {
    std::vector<segment> segments;
};

// Parses `text` into `out`. Empty: it is a pattern; else what is wrong, and what is right.
std::string parse_pattern(std::string_view text, pattern& out);

} // namespace mortise::routing
