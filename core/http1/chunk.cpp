// SPDX-License-Identifier: BSL-1.0
// The state machine of the chunked coding.
#include "http1/chunk.hpp"

#include "base/ascii.hpp"

#include <algorithm>

namespace mortise::http1 {

namespace {

using http::problem;

constexpr problem bad_size{400, "A chunk's size is not a hexadecimal number"};
constexpr problem large_size{400, "A chunk's size has too many digits"};
constexpr problem bad_extension{400, "A chunk extension is malformed"};
constexpr problem long_extension{400, "A chunk extension is too long"};
constexpr problem bad_line_end{400, "A line of the chunked coding does not end with CR LF"};
constexpr problem bad_chunk_end{400, "A chunk is longer than its size"};
constexpr problem bad_trailer{400, "A trailer field line is malformed"};
constexpr problem large_trailers{431, "The trailer section is too large"};

constexpr std::uint32_t most_digits = 15; // 60 bits: no sum of sizes overflows

} // namespace

chunk_decoder::step chunk_decoder::decode(std::string_view bytes, const limits& limits) noexcept {
    std::size_t at = 0;
    while (state_ != chunk_state::end) {
        if (at == bytes.size()) {
            return {step::state::need_more, at};
        }
        if (state_ == chunk_state::content) {
            const auto size = std::min<std::uint64_t>(rest_, bytes.size() - at);
            rest_ -= size;
            if (rest_ == 0) {
                state_ = chunk_state::content_return;
            }
            return {step::state::content, at + size, bytes.substr(at, size)};
        }
        if (const auto* const why = take(bytes[at], limits)) {
            return {step::state::refused, at, {}, *why};
        }
        ++at;
    }
    return {step::state::end, at};
}

const problem* chunk_decoder::take(char byte, const limits& limits) noexcept {
    switch (state_) {
    case chunk_state::size_begin:
    case chunk_state::size:
        return take_size(byte);
    case chunk_state::extension_begin:
    case chunk_state::extension:
    case chunk_state::extension_quoted:
    case chunk_state::extension_escaped:
        return take_extension(byte, limits);
    case chunk_state::size_line_feed:
        line_size_ = 0;
        return expect(byte, '\n', rest_ == 0 ? chunk_state::trailer_begin : chunk_state::content);
    case chunk_state::content_return:
        return byte == '\r' ? expect(byte, '\r', chunk_state::content_line_feed) : &bad_chunk_end;
    case chunk_state::content_line_feed:
        line_size_ = 0;
        return expect(byte, '\n', chunk_state::size_begin);
    case chunk_state::trailer_begin:
    case chunk_state::trailer_name:
    case chunk_state::trailer_value:
        return take_trailer(byte, limits);
    case chunk_state::trailer_line_feed:
        return expect(byte, '\n', chunk_state::trailer_begin);
    case chunk_state::last_line_feed:
        return expect(byte, '\n', chunk_state::end);
    case chunk_state::content:
    case chunk_state::end:
        break;
    }
    return nullptr;
}

const problem* chunk_decoder::expect(char byte, char expected, chunk_state next) noexcept {
    state_ = next;
    return byte == expected ? nullptr : &bad_line_end;
}

const problem* chunk_decoder::take_size(char byte) noexcept {
    if (base::is_of(byte, base::hex_byte)) {
        if (++line_size_ > most_digits) {
            return &large_size;
        }
        rest_ = rest_ * 16 + base::hex_value(byte);
        state_ = chunk_state::size;
        return nullptr;
    }
    if (state_ == chunk_state::size_begin) {
        return &bad_size;
    }
    line_size_ = 0;
    if (byte == '\r') {
        state_ = chunk_state::size_line_feed;
        return nullptr;
    }
    if (byte == ';' || byte == ' ' || byte == '\t') {
        state_ = byte == ';' ? chunk_state::extension : chunk_state::extension_begin;
        return nullptr;
    }
    return byte == '\n' ? &bad_line_end : &bad_size;
}

// Behind the size: white space may stand only before a ";" (RFC 9112, 7.1.1).
const problem* chunk_decoder::take_extension(char byte, const limits& limits) noexcept {
    if (++line_size_ > limits.chunk_extension_size && byte != '\r') {
        return &long_extension;
    }
    switch (state_) {
    case chunk_state::extension_begin:
        if (byte == ';') {
            state_ = chunk_state::extension;
        }
        return byte == ';' || byte == ' ' || byte == '\t' ? nullptr : &bad_extension;
    case chunk_state::extension:
        if (byte == '\r' || byte == '"') {
            state_ = byte == '\r' ? chunk_state::size_line_feed : chunk_state::extension_quoted;
            return nullptr;
        }
        if (base::is_of(byte, base::token_byte) || byte == ';' || byte == '=' || byte == ' ' ||
            byte == '\t') {
            return nullptr;
        }
        return &bad_extension;
    default:
        return take_quoted(byte);
    }
}

// A quoted string ends before its line does: a reader that let it run on would find another end
// of the chunk than we do.
const problem* chunk_decoder::take_quoted(char byte) noexcept {
    if (!base::is_of(byte, base::value_byte)) {
        return &bad_extension;
    }
    if (state_ == chunk_state::extension_escaped) {
        state_ = chunk_state::extension_quoted;
    } else if (byte == '\\') {
        state_ = chunk_state::extension_escaped;
    } else if (byte == '"') {
        state_ = chunk_state::extension;
    }
    return nullptr;
}

const problem* chunk_decoder::take_trailer(char byte, const limits& limits) noexcept {
    if (byte == '\r' && state_ == chunk_state::trailer_begin) {
        state_ = chunk_state::last_line_feed;
        return nullptr;
    }
    if (++line_size_ > limits.trailer_size) {
        return &large_trailers;
    }
    if (state_ == chunk_state::trailer_value) {
        if (byte == '\r') {
            state_ = chunk_state::trailer_line_feed;
            return nullptr;
        }
        return base::is_of(byte, base::value_byte) ? nullptr : &bad_trailer;
    }
    if (byte == ':' && state_ == chunk_state::trailer_name) {
        state_ = chunk_state::trailer_value;
        return nullptr;
    }
    state_ = chunk_state::trailer_name;
    return base::is_of(byte, base::token_byte) ? nullptr : &bad_trailer;
}

} // namespace mortise::http1
