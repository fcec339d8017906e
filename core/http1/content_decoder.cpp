// SPDX-License-Identifier: BSL-1.0
// Content by length and by chunks, under one limit.
#include "http1/content_decoder.hpp"

#include <algorithm>

namespace mortise::http1 {

namespace {
constexpr http::problem too_large{413, "The content is larger than this server takes"};
} // namespace

void content_decoder::start(const http::request& request, std::uint64_t limit) noexcept {
    framing_ = request.framing;
    rest_ = framing_ == http::content_framing::length ? request.content_length : 0;
    at_end_ = framing_ == http::content_framing::none ||
              (framing_ == http::content_framing::length && rest_ == 0);
    passed_ = 0;
    failed_ = false;
    limit_ = limit;
    if (framing_ == http::content_framing::chunked) {
        chunks_ = {};
    }
}

content_decoder::step content_decoder::next(std::string_view& input, std::size_t most,
                                            const limits& limits) noexcept {
    if (at_end_) {
        return {step::state::end};
    }
    if (is_known_too_large()) {
        return fail(too_large);
    }
    return framing_ == http::content_framing::length ? next_by_length(input, most)
                                                     : next_by_chunks(input, most, limits);
}

content_decoder::step content_decoder::next_by_length(std::string_view& input,
                                                      std::size_t most) noexcept {
    if (input.empty()) {
        return {step::state::need_more};
    }
    const auto size = std::min(
        {static_cast<std::uint64_t>(most), rest_, static_cast<std::uint64_t>(input.size())});
    const auto piece = input.substr(0, size);
    input.remove_prefix(size);
    rest_ -= size;
    passed_ += size;
    at_end_ = rest_ == 0;
    return {step::state::piece, piece};
}

content_decoder::step content_decoder::next_by_chunks(std::string_view& input, std::size_t most,
                                                      const limits& limits) noexcept {
    while (!input.empty()) {
        const auto found = chunks_.decode(input.substr(0, most), limits);
        input.remove_prefix(found.consumed);
        switch (found.now) {
        case chunk_decoder::step::state::content:
            passed_ += found.content.size();
            if (passed_ > limit_) {
                return fail(too_large);
            }
            return {step::state::piece, found.content};
        case chunk_decoder::step::state::end:
            at_end_ = true;
            return {step::state::end};
        case chunk_decoder::step::state::refused:
            return fail(found.why);
        case chunk_decoder::step::state::need_more:
            break;
        }
    }
    return {step::state::need_more};
}

content_decoder::step content_decoder::fail(const http::problem& why) noexcept {
    failed_ = true;
    return {step::state::refused, {}, why};
}

} // namespace mortise::http1
