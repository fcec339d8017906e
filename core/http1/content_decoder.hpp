// SPDX-License-Identifier: BSL-1.0
// A request's content out of the connection's bytes, by either framing (RFC 9112, 6).
#pragma once

#include "http/problem.hpp"
#include "http/request.hpp"
#include "http1/chunk.hpp"
#include "http1/limits.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mortise::http1 {

// Thread: its connection's loop.
class content_decoder {
public:
    // What one call found. The piece is a part of the input that was given.
    struct step {
        enum class state { piece, end, need_more, refused };
        state now;
        std::string_view piece = {};
        http::problem why = {};
    };

    // Begins the content of a request; at most `limit` bytes of it are let through.
    void start(const http::request& request, std::uint64_t limit) noexcept;
    void set_limit(std::uint64_t limit) noexcept { limit_ = limit; }
    // Lets only `most` further bytes through.
    void limit_rest(std::uint64_t most) noexcept { limit_ = passed_ + most; }

    // Takes bytes from the front of `input`, at most `most` bytes of content (more than 0).
    step next(std::string_view& input, std::size_t most, const limits& limits) noexcept;

    bool is_at_end() const noexcept { return at_end_; }
    bool has_started() const noexcept { return passed_ != 0; }
    // The content broke a rule or a limit: nothing behind it can be told apart from it.
    bool has_failed() const noexcept { return failed_; }

    // Content-Length tells of more than the limit lets through.
    bool is_known_too_large() const noexcept { return rest_ > limit_ - std::min(passed_, limit_); }

    // What is still to come, where that is known; 0 with chunked.
    std::uint64_t known_rest() const noexcept { return rest_; }

private:
    step next_by_length(std::string_view& input, std::size_t most) noexcept;
    step next_by_chunks(std::string_view& input, std::size_t most, const limits& limits) noexcept;
    step fail(const http::problem& why) noexcept;

    chunk_decoder chunks_;
    std::uint64_t rest_ = 0;   // bytes to come, with content_framing::length
    std::uint64_t passed_ = 0; // bytes of content let through
    std::uint64_t limit_ = 0;
    http::content_framing framing_ = http::content_framing::none;
    bool at_end_ = true;
    bool failed_ = false;
};

} // namespace mortise::http1
