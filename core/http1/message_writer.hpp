// SPDX-License-Identifier: BSL-1.0
// The head of a response in bytes (RFC 9112, 4), written in one pass.
#pragma once

#include "base/clock.hpp"
#include "http/response.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace mortise::net {
class output;
}

namespace mortise::http1 {

// The lines that most responses begin with. They change once a second, and are copied whole.
class dated_start {
public:
    void set(base::unix_milliseconds now) noexcept;

    std::span<const char, 54> ok() const noexcept {
        return std::span<const char, 55>{text_}.first<54>();
    } // status line and Date
    std::span<const char, 37> date() const noexcept { return ok().last<37>(); }

private:
    char text_[55] = "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n";
};

// How a client finds the end of the content (RFC 9112, 6.3).
enum class message_framing : std::uint8_t {
    length,  // by Content-Length
    chunked, // by the last chunk
    close    // by the end of the connection, for HTTP/1.0
};

// What the connection adds to a handler's response.
struct response_frame {
    const dated_start& start;
    std::string_view server;        // the Server field's value; empty: no such field
    bool close = false;             // the connection ends after this response
    bool keep_alive_http10 = false; // an HTTP/1.0 client asked to keep the connection
};

// Whether a response with this status carries content at all (RFC 9110, 6.4.1).
constexpr bool may_have_content(unsigned status) noexcept {
    return status != 204 && status != 304;
}

// Appends status line and header section. Content-Length is the size of the response's content,
// left out where there can be none.
//
// Judges on the way the status, every field name and value (RFC 9110, 5.1 and 5.5), and the fields
// that are the connection's to write. Returns why the response may not be sent, one sentence for
// the log with constant text, and then has appended nothing; empty: it is written.
std::string_view write_head(net::output& to, const http::response& response,
                            const response_frame& frame);
// The same for content that is not in the response: framed so, and with message_framing::length
// of that length.
std::string_view write_head(net::output& to, const http::response& response,
                            const response_frame& frame, message_framing framing,
                            std::uint64_t length);

// The chunked coding (RFC 9112, 7.1): before each piece its size, which is not 0, behind it
// chunk_end; at the end last_chunk.
void write_chunk_size(net::output& to, std::size_t size);
constexpr std::string_view chunk_end = "\r\n";
constexpr std::string_view last_chunk = "0\r\n\r\n";

} // namespace mortise::http1
