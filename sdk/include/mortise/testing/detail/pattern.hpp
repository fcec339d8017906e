// SPDX-License-Identifier: BSL-1.0
// A route's pattern: literal segments, {name}, and {name...} for the rest of the path.
#pragma once

#include <mortise/testing/detail/path.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {
namespace detail {

struct segment {
    enum class kind { literal, parameter, rest }; // the better one first
    segment::kind kind;
    std::string text; // the literal percent-decoded, or the parameter's name

    bool operator==(const segment&) const = default;
};

using pattern = std::vector<segment>;
using parameters = std::vector<std::pair<std::string, std::string>>;

inline bool is_parameter_name(std::string_view text) noexcept {
    const auto is_digit = [](char byte) { return byte >= '0' && byte <= '9'; };
    return !text.empty() && !is_digit(text.front()) && std::ranges::all_of(text, [](char byte) {
        return byte == '_' || (is_unreserved(byte) && byte != '-' && byte != '.' && byte != '~');
    });
}

// Empty: it is a segment; else which rule it breaks.
inline std::string parse_segment(std::string_view text, segment& into) {
    if (text.find_first_of("{}") == text.npos) {
        into = {segment::kind::literal, std::string{text}};
        return {};
    }
    if (!text.starts_with('{') || !text.ends_with('}')) {
        return "a parameter is a whole segment: write /{name}/";
    }
    auto name = text.substr(1, text.size() - 2);
    const bool is_rest = name.ends_with("...");
    name.remove_suffix(is_rest ? 3 : 0);
    if (!is_parameter_name(name)) {
        return "a parameter's name is letters, digits and _, and begins with no digit";
    }
    into = {is_rest ? segment::kind::rest : segment::kind::parameter, std::string{name}};
    return {};
}

inline std::string judge_parameters(const pattern& parsed) {
    std::vector<std::string_view> names;
    for (const auto& each : parsed) {
        if (each.kind == segment::kind::rest && &each != &parsed.back()) {
            return "{" + each.text + "...} takes the rest of the path: put it last";
        }
        if (each.kind != segment::kind::literal) {
            if (std::ranges::find(names, each.text) != names.end()) {
                return "the name " + each.text + " stands twice: name each parameter once";
            }
            names.push_back(each.text);
        }
    }
    return names.size() > 16 ? "it has more than 16 parameters" : "";
}

// Parses `text`. Empty: it is a pattern; else which rule it breaks.
inline std::string parse_pattern(std::string_view text, pattern& into) {
    if (!text.starts_with('/')) {
        return "a pattern begins with /";
    }
    if (text.find_first_of("?#") != text.npos) {
        return "a pattern is a path, without ? and #";
    }
    into.clear();
    while (!text.empty()) {
        text.remove_prefix(1);
        const auto part = text.substr(0, text.find('/'));
        text.remove_prefix(part.size());
        if (auto rule = parse_segment(part, into.emplace_back()); !rule.empty()) {
            return rule;
        }
    }
    return judge_parameters(into);
}

// Whether the pattern takes the path, whose parameters are then in `into`.
inline bool match(const pattern& wanted, std::string_view path, parameters& into) {
    into.clear();
    for (const auto& each : wanted) {
        if (path.empty()) {
            return false;
        }
        path.remove_prefix(1);
        if (each.kind == segment::kind::rest) {
            const auto is_no_slash = [](char byte) { return byte != '/'; };
            into.emplace_back(each.text, percent_decode(path, is_no_slash));
            return true;
        }
        const std::string part = percent_decode(path.substr(0, path.find('/')));
        path.remove_prefix(std::min(path.find('/'), path.size()));
        if (each.kind == segment::kind::literal ? part != each.text : part.empty()) {
            return false;
        }
        if (each.kind == segment::kind::parameter) {
            into.emplace_back(each.text, part);
        }
    }
    return path.empty();
}

// Whether `left` is tried before `right` for a path that both take: literal before parameter
// before rest, at each segment from the left.
inline bool is_better(const pattern& left, const pattern& right) {
    return std::ranges::lexicographical_compare(left, right, {}, &segment::kind, &segment::kind);
}

// Whether no path could tell the two apart.
inline bool is_same_shape(const pattern& left, const pattern& right) {
    return std::ranges::equal(left, right, [](const segment& one, const segment& other) {
        return one.kind == other.kind &&
               (one.kind != segment::kind::literal || one.text == other.text);
    });
}

} // namespace detail
} // namespace testing
} // namespace sdk_v0
} // namespace mortise
