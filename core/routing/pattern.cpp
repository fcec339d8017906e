// SPDX-License-Identifier: BSL-1.0
// Reading patterns, and saying what is wrong with one.
#include "routing/pattern.hpp"

#include "base/ascii.hpp"
#include "http/exchange.hpp"

#include <algorithm>

namespace mortise::routing {

namespace {

bool is_name(std::string_view text) noexcept {
    const auto may_stand = [](char byte) {
        return byte == '_' || (base::is_of(byte, base::unreserved_byte) &&
                               std::string_view{"-.~"}.find(byte) == std::string_view::npos);
    };
    return !text.empty() && !base::is_of(text.front(), base::digit_byte) &&
           std::all_of(text.begin(), text.end(), may_stand);
}

std::string parse_segment(std::string_view text, segment& out) {
    if (text.find_first_of("{}") == text.npos) {
        out = {segment::kind::literal, std::string{text}};
        return {};
    }
    if (!text.starts_with('{') || !text.ends_with('}')) {
        return "a parameter is a whole segment: write /{name}/";
    }
    auto name = text.substr(1, text.size() - 2);
    const bool rest = name.ends_with("...");
    name.remove_suffix(rest ? 3 : 0);
    if (!is_name(name)) {
        return "a parameter's name is letters, digits and _, and begins with no digit";
    }
    out = {rest ? segment::kind::rest : segment::kind::parameter, std::string{name}};
    return {};
}

std::string judge(const pattern& parsed) {
    std::vector<std::string_view> names;
    for (const auto& segment : parsed.segments) {
        if (segment.kind == segment::kind::rest && &segment != &parsed.segments.back()) {
            return "{" + segment.text + "...} takes the rest of the path: put it last";
        }
        if (segment.kind != segment::kind::literal) {
            if (std::find(names.begin(), names.end(), segment.text) != names.end()) {
                return "the name " + segment.text + " stands twice: name each parameter once";
            }
            names.push_back(segment.text);
        }
    }
    if (names.size() > http::exchange::max_parameters) {
        return "more than " + std::to_string(http::exchange::max_parameters) + " parameters";
    }
    return {};
}

} // namespace

std::string parse_pattern(std::string_view text, pattern& out) {
    out.segments.clear();
    if (!text.starts_with('/')) {
        return "a pattern begins with /";
    }
    if (text.find_first_of("?#") != text.npos) {
        return "a pattern is a path, without ? and #";
    }
    for (auto rest = text; !rest.empty();) {
        rest.remove_prefix(1);
        const auto part = rest.substr(0, rest.find('/'));
        rest.remove_prefix(part.size());
        if (auto fault = parse_segment(part, out.segments.emplace_back()); !fault.empty()) {
            return fault;
        }
    }
    return judge(out);
}

} // namespace mortise::routing
