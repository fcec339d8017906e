// SPDX-License-Identifier: BSL-1.0
// One strict pass over a request's head.
#include "http1/tokenizer.hpp"

#include "base/ascii.hpp"
#include "base/scan.hpp"

#include <algorithm>
#include <cstring>

namespace mortise::http1 {

namespace {

using http::problem;

// RFC 9112, 3
constexpr problem bad_line{400, "The request line is not METHOD SP TARGET SP HTTP/1.1"};
constexpr problem is_tls{400, "This port speaks plain HTTP, the request begins like TLS"};
constexpr problem no_version{400, "The request line has no HTTP version"};
constexpr problem bad_target{400, "The request target holds a byte that must be percent-encoded"};
constexpr problem unknown_method{501, "The method is not known"};
constexpr problem no_tunnels{501, "CONNECT is not offered"};
constexpr problem long_target{414, "The request target is too long"};
constexpr problem bad_version{400, "The HTTP version is malformed"};
constexpr problem other_version{505, "Only HTTP/1.0 and HTTP/1.1 are spoken"};
// RFC 9112, 2.2
constexpr problem bad_line_end{400, "A line does not end with CR LF"};
// RFC 9112, 5
constexpr problem folded{400, "A field line is folded or begins with white space"};
constexpr problem bad_name{400, "A field name is not a token"};
constexpr problem space_before_colon{400, "White space before the colon of a field line"};
constexpr problem bad_value{400, "A field value holds CR, LF, NUL or another control character"};
constexpr problem many_fields{431, "Too many field lines"};
constexpr problem large_section{431, "The header section is too large"};

constexpr std::size_t longest_method = 24;
constexpr int most_empty_lines = 4;
constexpr char tls_handshake = 0x16;

// A value without white space at its ends (OWS, RFC 9112, 5); `end` is at its CR, which ends the
// first search.
std::string_view trim_value(const char* begin, const char* end) noexcept {
    const auto is_white = [](char byte) { return byte == ' ' || byte == '\t'; };
    while (is_white(*begin)) {
        ++begin;
    }
    while (end > begin && is_white(end[-1])) {
        --end;
    }
    return {begin, end};
}

} // namespace

tokenizer::outcome tokenizer::refuse(const problem& why) noexcept {
    why_ = &why;
    return outcome::refused;
}

tokenizer::outcome tokenizer::read_request_line(request_line& line) noexcept {
    auto step = skip_empty_lines();
    if (step == outcome::found) {
        step = read_method(line.method);
    }
    if (step == outcome::found) {
        step = read_target(line.target);
    }
    if (step == outcome::found) {
        step = read_version(line.version_minor);
    }
    section_end_ = at_ + std::min(static_cast<std::size_t>(end_ - at_), limits_.header_size);
    return step;
}

[[gnu::always_inline]] inline tokenizer::outcome tokenizer::skip_empty_lines() noexcept {
    for (int lines = 0; at_ != end_ && (*at_ == '\r' || *at_ == '\n'); ++lines) {
        if (lines == most_empty_lines) {
            return refuse(bad_line);
        }
        if (const auto step = read_line_end(); step != outcome::found) {
            return step;
        }
    }
    return at_ == end_ ? outcome::incomplete : outcome::found;
}

[[gnu::always_inline]] inline tokenizer::outcome
tokenizer::read_method(http::method& method) noexcept {
    if (base::starts_with({at_, end_}, "GET ")) { // as most do
        method = http::method::get;
        at_ += 4;
        return outcome::found;
    }
    if (*at_ == tls_handshake) {
        return refuse(is_tls);
    }
    const char* const begin = at_;
    while (at_ != end_ && base::is_of(*at_, base::token_byte)) {
        ++at_;
    }
    const std::string_view token{begin, at_};
    if (token.size() > longest_method) {
        return refuse(unknown_method);
    }
    if (at_ == end_) {
        return outcome::incomplete;
    }
    if (*at_ != ' ' || token.empty()) {
        return refuse(bad_line);
    }
    ++at_;
    method = http::parse_method(token);
    if (method == http::method::unknown) {
        return refuse(unknown_method);
    }
    return method == http::method::connect ? refuse(no_tunnels) : outcome::found;
}

[[gnu::always_inline]] inline tokenizer::outcome
tokenizer::read_target(std::string_view& target) noexcept {
    const char* const begin = at_;
    const char* const stop =
        at_ + std::min(static_cast<std::size_t>(end_ - at_), limits_.target_size);
    at_ = base::find_invisible(at_, stop);
    if (at_ == end_) {
        return outcome::incomplete;
    }
    target = {begin, at_};
    if (*at_ == ' ' && !target.empty()) {
        ++at_;
        return outcome::found;
    }
    if (base::is_of(*at_, base::target_byte)) {
        return refuse(long_target);
    }
    if (target.empty()) {
        return refuse(bad_line);
    }
    return refuse(*at_ == '\r' || *at_ == '\n' ? no_version : bad_target);
}

// RFC 9112, 2.3. A higher minor version of 1 is answered as 1.1 (RFC 9110, 2.5).
[[gnu::always_inline]] inline tokenizer::outcome
tokenizer::read_version(std::uint8_t& minor) noexcept {
    if (base::starts_with({at_, end_}, "HTTP/1.1\r\n")) { // as most do
        minor = 1;
        at_ += 10;
        return outcome::found;
    }
    const auto size = static_cast<std::size_t>(end_ - at_);
    constexpr std::string_view name = "HTTP/";
    if (std::memcmp(at_, name.data(), std::min(size, name.size())) != 0) {
        return refuse(bad_version);
    }
    if (size > 5 && at_[5] != '1') {
        return refuse(base::is_of(at_[5], base::digit_byte) ? other_version : bad_version);
    }
    if ((size > 6 && at_[6] != '.') || (size > 7 && !base::is_of(at_[7], base::digit_byte))) {
        return refuse(bad_version);
    }
    if (size <= 8) {
        return outcome::incomplete;
    }
    minor = at_[7] == '0' ? 0 : 1;
    at_ += 8;
    return read_line_end();
}

// At a byte that should be the CR of a line's end.
tokenizer::outcome tokenizer::read_line_end() noexcept {
    if (*at_ != '\r') {
        return refuse(bad_line_end);
    }
    if (at_ + 1 == end_) {
        return outcome::incomplete;
    }
    if (at_[1] != '\n') {
        return refuse(bad_line_end);
    }
    at_ += 2;
    return outcome::found;
}

tokenizer::outcome tokenizer::read_field(http::field& field) noexcept {
    if (at_ == section_end_) {
        return out_of_field_bytes();
    }
    if (*at_ == '\r' || *at_ == '\n') {
        return read_section_end();
    }
    if (*at_ == ' ' || *at_ == '\t') {
        return refuse(folded);
    }
    if (field_count_++ == limits_.field_count) {
        return refuse(many_fields);
    }
    const auto step = read_name(field.name);
    return step == outcome::found ? read_value(field.value) : step;
}

tokenizer::outcome tokenizer::read_section_end() noexcept {
    if (*at_ == '\r' && at_ + 1 == section_end_) {
        return out_of_field_bytes();
    }
    const auto step = read_line_end();
    return step == outcome::found ? outcome::end : step;
}

[[gnu::always_inline]] inline tokenizer::outcome
tokenizer::read_name(std::string_view& name) noexcept {
    const char* const begin = at_;
    at_ = base::find_token_end(at_, section_end_);
    if (at_ == section_end_) {
        return out_of_field_bytes();
    }
    name = {begin, at_};
    if (*at_ == ':' && !name.empty()) {
        ++at_;
        return outcome::found;
    }
    return refuse(*at_ == ' ' || *at_ == '\t' ? space_before_colon : bad_name);
}

[[gnu::always_inline]] inline tokenizer::outcome
tokenizer::read_value(std::string_view& value) noexcept {
    const char* const begin = at_;
    at_ = base::find_control(at_, section_end_);
    if (at_ == section_end_) {
        return out_of_field_bytes();
    }
    if (*at_ != '\r') {
        return refuse(*at_ == '\n' ? bad_line_end : bad_value);
    }
    value = trim_value(begin, at_);
    if (at_ + 1 == section_end_) {
        return out_of_field_bytes();
    }
    if (at_[1] != '\n') {
        return refuse(bad_value);
    }
    at_ += 2;
    return outcome::found;
}

// The section's limit stands before the end of the bytes, or the bytes are used up.
tokenizer::outcome tokenizer::out_of_field_bytes() noexcept {
    return section_end_ == end_ ? outcome::incomplete : refuse(large_section);
}

} // namespace mortise::http1
