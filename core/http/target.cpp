// SPDX-License-Identifier: BSL-1.0
// Splitting a target and normalising its path.
#include "http/target.hpp"

#include "base/ascii.hpp"
#include "http/authority.hpp"
#include "http/percent.hpp"

#include <array>
#include <cstring>

namespace mortise::http {

namespace {

constexpr problem bad_form{400, "The request target has none of the four forms"};
constexpr problem bad_asterisk{400, "The target * is for OPTIONS alone"};
constexpr problem bad_authority{400, "The target's authority is not valid"};
constexpr problem bad_scheme{400, "The target's scheme is neither http nor https"};
constexpr problem bad_escape{400, "A % in the target is not followed by two hexadecimal digits"};
constexpr problem has_nul{400, "The path holds an encoded NUL"};
constexpr problem has_fragment{400, "The target holds a fragment"};

// Removes scheme and authority of the absolute form from `rest`.
const problem* take_authority(std::string_view& rest, std::string_view& authority) noexcept {
    const auto scheme_end = rest.find("://");
    if (scheme_end == rest.npos) {
        return &bad_form;
    }
    const auto scheme = rest.substr(0, scheme_end);
    if (!base::equal_ignoring_case(scheme, "http") && !base::equal_ignoring_case(scheme, "https")) {
        return &bad_scheme;
    }
    rest.remove_prefix(scheme_end + 3);
    authority = rest.substr(0, rest.find_first_of("/?#"));
    rest.remove_prefix(authority.size());
    return split_authority(authority) ? nullptr : &bad_authority;
}

bool holds_encoded_nul(std::string_view path) noexcept {
    return path.find("%00") != path.npos;
}

// Appends a segment's bytes, escapes of unreserved characters decoded.
char* append_segment(char* to, std::string_view segment) noexcept {
    for (std::size_t at = 0; at < segment.size(); ++at) {
        if (segment[at] == '%') {
            const auto byte = static_cast<char>(percent_byte(segment[at + 1], segment[at + 2]));
            if (base::is_of(byte, base::unreserved_byte)) {
                *to++ = byte;
            } else {
                std::memcpy(to, segment.data() + at, 3);
                to += 3;
            }
            at += 2;
        } else {
            *to++ = segment[at];
        }
    }
    return to;
}

// RFC 3986, 5.2.4, segment by segment:  begin [ /kept/kept ] end
std::string_view normalise(std::string_view path, base::arena& memory) {
    const auto room = memory.array<char>(path.size() + 1);
    char* const begin = room.data();
    char* end = begin;
    while (!path.empty()) {
        path.remove_prefix(1); // the slash
        const auto segment = path.substr(0, path.find('/'));
        path.remove_prefix(segment.size());
        char* const segment_begin = end;
        *end++ = '/';
        end = append_segment(end, segment);
        const std::string_view decoded{segment_begin + 1, end};
        if (decoded != "." && decoded != "..") {
            continue;
        }
        end = segment_begin;
        while (decoded.size() == 2 && end != begin && *--end != '/') {
        }
        if (path.empty()) {
            *end++ = '/';
        }
    }
    return {begin, end};
}

// Where the first byte stands that ends the path or may need work; text.size() if none does.
std::size_t find_special(std::string_view text, bool& needs_work) noexcept {
    std::size_t at = 0;
    for (; at < text.size(); ++at) {
        const char byte = text[at];
        if (byte == '?' || byte == '#') {
            break;
        }
        needs_work = needs_work || byte == '%' || (byte == '.' && at > 0 && text[at - 1] == '/');
    }
    return at;
}

[[gnu::hot]] const problem* read_path(std::string_view rest, base::arena& memory, target& out) {
    std::size_t path_end = 0;
    while (path_end < rest.size() && base::is_of(rest[path_end], base::path_byte)) {
        ++path_end;
    }
    if (path_end == rest.size()) { // as most paths are: nothing to split, nothing to change
        out.path = rest;
        return nullptr;
    }
    bool needs_work = false;
    path_end = find_special(rest, needs_work);
    out.path = rest.substr(0, path_end);
    if (path_end != rest.size()) {
        if (rest.find('#', path_end) != rest.npos) {
            return &has_fragment;
        }
        out.query = rest.substr(path_end + 1);
        if (!is_percent_encoded(out.query)) {
            return &bad_escape;
        }
    }
    if (needs_work) {
        if (!is_percent_encoded(out.path)) {
            return &bad_escape;
        }
        if (holds_encoded_nul(out.path)) {
            return &has_nul;
        }
        out.path = normalise(out.path, memory);
        out.is_path_escaped = out.path.find('%') != out.path.npos;
    }
    return nullptr;
}

} // namespace

const problem* read_target(std::string_view text, method asked, base::arena& memory, target& out) {
    out = {};
    if (text.front() == '/') {
        return read_path(text, memory, out);
    }
    if (text == "*") {
        out.path = text;
        return asked == method::options ? nullptr : &bad_asterisk;
    }
    if (const auto* const why = take_authority(text, out.authority)) {
        return why;
    }
    if (text.empty() || text.front() != '/') {
        const bool whole_server = text.empty() && asked == method::options; // RFC 9112, 3.2.4
        const auto* const why = read_path(text, memory, out);
        out.path = whole_server ? "*" : "/";
        return why;
    }
    return read_path(text, memory, out);
}

} // namespace mortise::http
