// SPDX-License-Identifier: BSL-1.0
// Judging and writing a response's head.
#include "http1/message_writer.hpp"

#include "base/ascii.hpp"
#include "base/pen.hpp"
#include "base/scan.hpp"
#include "http/date.hpp"
#include "http/sent_field.hpp"
#include "http/status.hpp"
#include "net/output.hpp"

#include <charconv>

namespace mortise::http1 {

namespace {

bool states_size(std::string_view value, std::uint64_t size) noexcept {
    char room[24];
    const auto end = std::to_chars(room, room + sizeof room, size).ptr;
    return value == std::string_view{room, end};
}

std::size_t fields_size(std::span<const http::field> fields) noexcept {
    std::size_t size = 0;
    for (const auto& field : fields) {
        size += field.name.size() + field.value.size() + 4;
    }
    return size;
}

// Twice in the program: nearly every response goes the way where framing and length are plain.
[[gnu::always_inline]] inline std::string_view
write_any_head(net::output& to, const http::response& response, const response_frame& frame,
               message_framing framing, std::uint64_t length) {
    if (response.status < 200 || response.status > 599) {
        return "the status is not from 200 to 599";
    }
    constexpr std::size_t most_of_ours = 256; // status line, Date, Content-Length, Connection
    char* const start =
        to.prepare(most_of_ours + fields_size(response.fields) + frame.server.size());
    base::pen pen{start};
    if (response.status == 200) {
        pen << frame.start.ok();
    } else {
        pen << "HTTP/1.1 " << response.status << " " << http::reason_phrase(response.status)
            << "\r\n"
            << frame.start.date();
    }
    if (!frame.server.empty()) {
        pen << "Server: " << frame.server << "\r\n";
    }
    const bool has_length = framing == message_framing::length;
    for (const auto& field : response.fields) {
        if (http::is_content_length(field.name)) { // is written below, whether it was given or not
            if (!has_length || !states_size(field.value, length)) {
                return "Content-Length differs from the content's size";
            }
            continue;
        }
        if (const auto fault = http::fault_of_sent(field); !fault.empty()) {
            return fault;
        }
        pen << field.name << ": " << field.value << "\r\n";
    }
    if (may_have_content(response.status)) {
        if (has_length) {
            pen << "Content-Length: " << length << "\r\n";
        } else if (framing == message_framing::chunked) {
            pen << "Transfer-Encoding: chunked\r\n";
        }
    }
    if (frame.close) {
        pen << "Connection: close\r\n";
    } else if (frame.keep_alive_http10) {
        pen << "Connection: keep-alive\r\n";
    }
    pen << "\r\n";
    to.commit(static_cast<std::size_t>(pen.at() - start));
    return {};
}

} // namespace

void dated_start::set(base::unix_milliseconds now) noexcept {
    constexpr std::size_t before = 17 + 6; // the status line, "Date: "
    http::write_date(now, std::span<char, 55>{text_}.subspan<before, 29>());
}

std::string_view write_head(net::output& to, const http::response& response,
                            const response_frame& frame) {
    return write_any_head(to, response, frame, message_framing::length, response.content.size());
}

[[gnu::cold]] std::string_view write_head(net::output& to, const http::response& response,
                                          const response_frame& frame, message_framing framing,
                                          std::uint64_t length) {
    return write_any_head(to, response, frame, framing, length);
}

void write_chunk_size(net::output& to, std::size_t size) {
    constexpr std::size_t most_digits = 2 * sizeof size;
    char* const start = to.prepare(most_digits + 2);
    char* const end = std::to_chars(start, start + most_digits, size, 16).ptr;
    end[0] = '\r';
    end[1] = '\n';
    to.commit(static_cast<std::size_t>(end + 2 - start));
}

} // namespace mortise::http1
