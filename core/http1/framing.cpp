// SPDX-License-Identifier: BSL-1.0
// The framing and Host rules, one condition a rule.
#include "http1/framing.hpp"

#include "base/ascii.hpp"
#include "base/decimal.hpp"
#include "http/authority.hpp"

#include <algorithm>
#include <array>

namespace mortise::http1 {

namespace {

using http::problem;

constexpr problem both{400, "Transfer-Encoding together with Content-Length"};
constexpr problem chunked_in_http10{400, "Transfer-Encoding in HTTP/1.0"};
constexpr problem unknown_coding{501, "The only transfer coding taken is one chunked"};
constexpr problem several_lengths{400, "More than one Content-Length"};
constexpr problem bad_length{400, "Content-Length is not one number in digits"};
constexpr problem no_host{400, "HTTP/1.1 asks for a Host field"};
constexpr problem several_hosts{400, "More than one Host field"};
constexpr problem bad_host{400, "The Host field is not a valid authority"};

// The authority that was found valid last. On one loop it is nearly always the next one too, and
// comparing costs a fifth of judging.
class known_authority {
public:
    bool is(std::string_view text) const noexcept { return text == view(); }
    void remember(std::string_view text) noexcept {
        size_ = text.size() <= text_.size() ? text.size() : 0;
        std::copy_n(text.data(), size_, text_.data());
    }

private:
    std::string_view view() const noexcept { return {text_.data(), size_}; }

    std::array<char, 120> text_{};
    std::size_t size_ = 0;
};
constinit thread_local known_authority last_valid{};

bool is_authority(std::string_view text) noexcept {
    if (!text.empty() && last_valid.is(text)) {
        return true;
    }
    if (!http::split_authority(text)) {
        return false;
    }
    last_valid.remember(text);
    return true;
}

framing_decision refuse(const problem& why) noexcept {
    return {.why = &why};
}

} // namespace

framing_decision decide_framing(const framing_fields& fields, std::uint8_t version_minor) noexcept {
    if (fields.transfer_encoding_count != 0) {
        if (fields.content_length_count != 0) {
            return refuse(both); // RFC 9112, 6.1: could be an attempt at smuggling
        }
        if (version_minor == 0) {
            return refuse(chunked_in_http10); // 6.1: must be treated as faulty framing
        }
        if (fields.transfer_encoding_count != 1 ||
            !base::equal_ignoring_case(fields.transfer_encoding, "chunked")) {
            return refuse(unknown_coding); // 6.1: 501 for a coding not understood
        }
        return {.framing = http::content_framing::chunked};
    }
    if (fields.content_length_count == 0) {
        return {};
    }
    if (fields.content_length_count != 1) {
        return refuse(several_lengths); // 6.3, equal values too
    }
    const auto length = base::parse_decimal(fields.content_length);
    if (!length) {
        return refuse(bad_length); // 6.3: a sign, a list, too large, or empty
    }
    return {.framing = http::content_framing::length, .content_length = *length};
}

const problem* judge_host(const framing_fields& fields, std::uint8_t version_minor) noexcept {
    if (fields.host_count == 0) {
        return version_minor == 0 ? nullptr : &no_host;
    }
    if (fields.host_count != 1) {
        return &several_hosts;
    }
    return is_authority(fields.host) ? nullptr : &bad_host;
}

} // namespace mortise::http1
