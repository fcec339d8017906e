// SPDX-License-Identifier: BSL-1.0
// The chunked transfer coding (RFC 9112, 7.1), decoded strictly, piece by piece.
#pragma once

#include "http/problem.hpp"
#include "http1/limits.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mortise::http1 {

// Where a decoder stands between two bytes.
//
//   size ─► [extension] ─► LF ─► content ─► CR ─► LF ─► size …
//     └ 0 ─────────────────► LF ─► trailer lines ─► CR ─► LF ─► end
enum class chunk_state : std::uint8_t {
    size_begin,
    size,
    extension_begin,
    extension,
    extension_quoted,
    extension_escaped,
    size_line_feed,
    content,
    content_return,
    content_line_feed,
    trailer_begin,
    trailer_name,
    trailer_value,
    trailer_line_feed,
    last_line_feed,
    end
};

// Keeps no bytes: extensions and trailers are judged, bounded and dropped. However the input is
// cut, content and verdict are the same.
class chunk_decoder {
public:
    struct step {
        enum class state { content, end, need_more, refused };
        state now;
        std::size_t consumed = 0;      // bytes taken from the front of the input
        std::string_view content = {}; // a part of the input, with content
        http::problem why{};           // with refused
    };

    // Goes on until it finds content, the end, a fault, or the end of `bytes`.
    step decode(std::string_view bytes, const limits& limits) noexcept;

private:
    const http::problem* take(char byte, const limits& limits) noexcept;
    const http::problem* take_size(char byte) noexcept;
    const http::problem* take_extension(char byte, const limits& limits) noexcept;
    const http::problem* take_quoted(char byte) noexcept;
    const http::problem* take_trailer(char byte, const limits& limits) noexcept;
    const http::problem* expect(char byte, char expected, chunk_state next) noexcept;

    std::uint64_t rest_ = 0;      // of the chunk: its size as read so far, then what is to come
    std::uint32_t line_size_ = 0; // digits, or bytes of the extension, or of the trailer section
    chunk_state state_ = chunk_state::size_begin;
};

} // namespace mortise::http1
