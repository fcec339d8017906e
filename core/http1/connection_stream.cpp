// SPDX-License-Identifier: BSL-1.0
// Responses that a connection sends piece by piece.
#include "http1/connection.hpp"
#include "http1/exchange.hpp"
#include "http1/message_writer.hpp"
#include "http1/response_stream.hpp"
#include "http1/workspace.hpp"
#include "observe/log.hpp"

#include <algorithm>
#include <new>
#include <utility>

namespace mortise::http1 {

namespace {

constexpr std::size_t held_at_most = 16 * 1024;     // then it does not wait for the turn
constexpr std::size_t written_in_turn = 512 * 1024; // then the others have their turn
constexpr http::problem broken_off{500, "The response broke off"};

// A handler may provoke it with each request.
observe::limited_log faulty_streams;

void log_fault(const exchange& faulty, std::string_view fault) noexcept {
    faulty_streams.write(observe::level::error, "a handler's streamed response breaks off",
                         {{"route", faulty.pattern()}, {"fault", fault}});
}

} // namespace

// Whether it is certain already that the connection ends with the response to `begun`. What
// becomes of content that is not read yet is seen at the end.
bool connection::will_be_last(const exchange& begun) const noexcept {
    const auto& content = begun.content();
    return begun.request().wants_close || workspace_.winding_down ||
           (!content.is_at_end() && (begun.request().expects_continue || content.has_failed()));
}

bool connection::begin_response(exchange& begun, const http::response& head,
                                std::optional<std::uint64_t> length) noexcept {
    std::string_view fault;
    try {
        fault = write_stream_head(begun, head, length);
        if (!fault.empty()) {
            begun.drop_stream();
            log_refusal(begun, fault);
        }
    } catch (const std::bad_alloc&) {
        broken_ = true;
    }
    if (!is_served()) {
        workspace_.aside.clear();
        resume_later();
    }
    return fault.empty();
}

std::string_view connection::write_stream_head(exchange& begun, const http::response& head,
                                               std::optional<std::uint64_t> length) {
    const auto& request = begun.request();
    const auto framing = length                       ? message_framing::length
                         : request.version_minor == 0 ? message_framing::close
                                                      : message_framing::chunked;
    const bool has_content = request.method != http::method::head && may_have_content(head.status);
    auto& stream = begun.begin_stream({.status = head.status,
                                       .framing = framing,
                                       .has_content = has_content,
                                       .length = length.value_or(0)});
    const bool is_last_one =
        last_answer_ || will_be_last(begun) || (has_content && framing == message_framing::close);
    const auto fault = write_head(stream_output(stream), head,
                                  {.start = workspace_.start,
                                   .server = workspace_.settings.server_field,
                                   .close = is_last_one,
                                   .keep_alive_http10 = request.version_minor == 0},
                                  framing, stream.length);
    if (fault.empty()) {
        last_answer_ = is_last_one;
    }
    return fault;
}

net::output& connection::stream_output(response_stream& stream) noexcept {
    return is_served() ? workspace_.output : stream.held;
}

http::write_progress connection::write_content(exchange& writing, std::string_view piece,
                                               http::content_write& write) noexcept {
    using state = http::write_progress::state;
    auto& stream = *writing.stream();
    const bool is_too_much = stream.has_content && stream.framing == message_framing::length &&
                             piece.size() > stream.length - stream.size;
    if (stream.write != nullptr || is_too_much) {
        log_fault(writing, is_too_much ? "more content than the length announced"
                                       : "a write while another is pending");
        send_taken(stream);
        broken_ = true;
    }
    bool is_taken = true;
    try {
        if (!broken_ && !piece.empty()) {
            is_taken = !stream.has_content || send_piece(stream, piece);
            stream.size += piece.size();
            stream.size_in_turn += piece.size();
        }
    } catch (const std::bad_alloc&) {
        broken_ = true;
    }
    const bool gives_way = stream.size_in_turn >= written_in_turn;
    if (!is_served() || gives_way) {
        resume_later();
    }
    if (broken_) {
        return {state::failed, is_too_much ? broken_off : client_left};
    }
    if (is_taken && !gives_way) {
        return {state::done};
    }
    stream.write = &write;
    stream.write_size = piece.size();
    return {state::pending};
}

// True: the piece is copied or sent. False: the outbox borrows it.
bool connection::send_piece(response_stream& stream, std::string_view piece) {
    const bool is_chunked = stream.framing == message_framing::chunked;
    auto& to = stream_output(stream);
    if (is_chunked) {
        write_chunk_size(to, piece.size());
    }
    const std::string_view tail = is_chunked ? chunk_end : std::string_view{};
    if (outbox_ == nullptr && piece.size() < worth_lending) {
        to.append(piece);
        to.append(tail);
        if (to.size() >= (is_served() ? written_at_once : held_at_most)) {
            flush(to);
        }
        return true;
    }
    write_lent(to, {piece, nullptr, nullptr}, tail);
    return outbox_ == nullptr;
}

// At the beginning of a turn: takes what was written since the last one, and goes on with a write
// that was pending and is through.
void connection::continue_stream(response_stream& stream) {
    if (!stream.held.is_empty()) {
        workspace_.output.append(stream.held.view());
        stream.held = {};
    }
    stream.size_in_turn = 0;
    if (outbox_ == nullptr && stream.write != nullptr && !broken_) {
        std::exchange(stream.write, nullptr)->complete();
    }
}

void connection::end_response(exchange& ended) noexcept {
    auto& stream = *ended.stream();
    const bool is_short = stream.has_content && stream.framing == message_framing::length &&
                          stream.size != stream.length;
    if (stream.write != nullptr || is_short) {
        return break_off(ended, is_short ? "less content than the length announced"
                                         : "the end while a write is pending");
    }
    last_answer_ = last_answer_ || is_last(ended);
    ended.set_status(stream.status);
    log_stream(ended);
    try {
        if (stream.has_content && stream.framing == message_framing::chunked) {
            stream_output(stream).append(last_chunk);
        }
    } catch (const std::bad_alloc&) {
        broken_ = true;
    }
    if (!is_served()) {
        resume_later();
    }
}

// What the handler has written before leaves, if the client takes it now, and then the connection
// closes. Where that alone would look like the end of the content, it is reset.
void connection::abort_response(exchange& aborted) noexcept {
    auto& stream = *aborted.stream();
    log_stream(aborted);
    drop_piece(stream);
    send_taken(stream);
    show_break(stream);
    broken_ = true;
    if (!is_served()) {
        resume_later();
    }
}

// The outbox borrows a piece only while its write is pending.
void connection::drop_piece(response_stream& stream) noexcept {
    if (std::exchange(stream.write, nullptr) != nullptr) {
        outbox_.reset();
        broken_ = true;
    }
}

void connection::stop_writing(response_stream& stream) noexcept {
    drop_piece(stream);
    resume_later();
}

void connection::send_taken(response_stream& stream) noexcept {
    try {
        flush(stream_output(stream));
    } catch (const std::bad_alloc&) {
        broken_ = true;
    }
}

void connection::break_off(exchange& faulty, std::string_view fault) noexcept {
    log_fault(faulty, fault);
    abort_response(faulty);
}

void connection::show_break(const response_stream& stream) noexcept {
    if (stream.has_content && stream.framing == message_framing::close) {
        stream_->reset_on_close();
    }
}

} // namespace mortise::http1
