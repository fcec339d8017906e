// SPDX-License-Identifier: BSL-1.0
// An exchange without a connection: a request that a test wrote, and the response to look at.
#pragma once

#include "http/exchange.hpp"

#include <cstdint>
#include <cstring>
#include <deque>
#include <optional>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

namespace mortise::loopback {

// A response as a client would have received it.
struct received {
    unsigned status;
    std::vector<std::pair<std::string, std::string>> fields;
    std::string content;
};

// Its views point into texts of the test. Content is given piece by piece; where the next piece
// is not there yet, a read stays pending until give_piece(), end_content() or fail_content().
class exchange final : public http::exchange {
public:
    exchange(http::method method, std::string_view path) {
        request_.method = method;
        request_.target = request_.path = path;
        request_.is_path_escaped = path.find('%') != path.npos;
        request_.authority = "localhost";
        set_lasting_text("");
    }

    http::request& head() noexcept { return request_; }
    // Its views point into `text`, which the test may change once the handler has returned. Without
    // this call they last as they are.
    void lies_in(std::string_view text) noexcept { set_text(text); }
    const std::optional<received>& response() const noexcept { return response_; }
    bool is_kept() const noexcept { return is_kept_; }
    std::uint64_t content_limit() const noexcept { return content_limit_; }
    base::milliseconds time_limit() const noexcept { return time_limit_; }

    void set_peer_trusted() noexcept { is_peer_trusted_ = true; }
    void set_client_address(std::string_view text) noexcept { client_ = text; }

    bool half_close_leaves() const noexcept { return half_close_leaves_; }
    bool outlives_client() const noexcept { return outlives_client_; }
    http::exchange_observer* observer() const noexcept { return observer_; }

    // As after a deadline: the client has its answer, the handler still owes its own.
    void answer_by_connection() noexcept { answered_ = true; }
    // As where the connection gives up: the observer is told, then what is pending fails.
    void abandon(const http::problem& why) {
        is_abandoned_ = answered_ = true;
        if (auto* const told = std::exchange(observer_, nullptr)) {
            told->on_abandoned(why);
        }
        if (auto* const write = std::exchange(write_, nullptr)) {
            write->fail(why);
        }
        fail_content(why);
    }

    // Of a response in pieces, what is written so far stands in response().
    enum class stream_state { none, begun, ended, aborted };
    stream_state stream() const noexcept { return stream_; }
    std::optional<std::uint64_t> announced_length() const noexcept { return announced_length_; }
    // From now on each write stays pending until take_piece_written().
    void read_slowly() noexcept { reads_slowly_ = true; }
    void stop_reading() noexcept override { read_ = nullptr; }
    bool has_begun() const noexcept override { return stream_ == stream_state::begun; }
    bool is_writing() const noexcept override { return write_ != nullptr; }
    void stop_writing() noexcept override { write_ = nullptr; }
    void take_piece_written() {
        response_->content += pending_piece_;
        std::exchange(write_, nullptr)->complete();
    }

    void give_piece(std::string piece) {
        queue_piece(std::move(piece));
        go_on();
    }
    // The two halves of that.
    void queue_piece(std::string piece) { pieces_.push_back(std::move(piece)); }
    void go_on() {
        if (auto* const read = std::exchange(read_, nullptr)) {
            read->complete(take_piece());
        }
    }
    void end_content() { give_piece({}); }
    void fail_content(const http::problem& why) {
        if (auto* const read = std::exchange(read_, nullptr)) {
            read->fail(why);
        }
    }

    void cut_off(const http::problem& why) noexcept override { abandon(why); }
    void keep_request() override { is_kept_ = true; }
    void set_half_close_leaves(bool leaves) override { half_close_leaves_ = leaves; }
    void limit_content(std::uint64_t bytes) override { content_limit_ = bytes; }
    void limit_time(base::milliseconds time) override { time_limit_ = time; }

    http::read_progress read_content(std::span<char> into, http::content_read& read) override {
        if (pieces_.empty()) {
            read_ = &read;
            room_ = into;
            return {http::read_progress::state::pending};
        }
        room_ = into;
        return {http::read_progress::state::done, take_piece()};
    }

    bool respond(const http::response& response) override {
        const bool is_sendable = judge(response);
        if (!answered_) {
            note(response, is_sendable ? response.status : 500);
            response_->content = response.content;
            if (response.file != nullptr) {
                response_->content.resize(response.file->size);
                const auto size =
                    ::pread(response.file->descriptor, response_->content.data(),
                            response.file->size, static_cast<off_t>(response.file->offset));
                response_->content.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
            }
        }
        answered_ = true;
        give_back(response);
        return is_sendable;
    }

    bool begin_response(const http::response& head, std::optional<std::uint64_t> length) override {
        const bool has_begun = is_abandoned_ || judge(head);
        if (has_begun) {
            stream_ = stream_state::begun;
            announced_length_ = length;
            half_close_leaves_ = true;
            note(head, head.status);
        }
        give_back(head);
        return has_begun;
    }
    http::write_progress write_content(std::string_view piece,
                                       http::content_write& write) override {
        using state = http::write_progress::state;
        if (is_abandoned_ || stream_ != stream_state::begun || write_ != nullptr) {
            return {state::failed, {499, "The client has left"}};
        }
        if (reads_slowly_ && !piece.empty()) {
            write_ = &write;
            pending_piece_ = piece;
            return {state::pending};
        }
        response_->content += piece;
        return {state::done};
    }
    void end_response() override { end_stream(stream_state::ended); }
    void abort_response() override { end_stream(stream_state::aborted); }

private:
    bool is_peer_trusted() const noexcept override { return is_peer_trusted_; }
    std::string_view client_address(address_room&) const noexcept override { return client_; }
    static void give_back(const http::response& response) noexcept {
        if (response.release != nullptr) {
            response.release(response.release_argument);
        } else if (response.file != nullptr) {
            ::close(response.file->descriptor);
        }
    }
    void note(const http::response& head, unsigned status) {
        response_.emplace(received{status, {}, {}});
        for (const http::field& field : head.fields) {
            response_->fields.emplace_back(field.name, field.value);
        }
    }
    void end_stream(stream_state how) noexcept {
        stream_ = how;
        write_ = nullptr;
        answered_ = true;
    }
    static bool judge(const http::response& response) noexcept {
        for (const http::field& field : response.fields) {
            if (field.value.find_first_of(std::string_view{"\r\n\0", 3}) != field.value.npos) {
                return false;
            }
        }
        return true;
    }

    std::size_t take_piece() {
        std::string& piece = pieces_.front();
        const std::size_t size = std::min(piece.size(), room_.size());
        std::memcpy(room_.data(), piece.data(), size);
        piece.erase(0, size);
        if (piece.empty()) {
            pieces_.pop_front();
        }
        return size;
    }

    std::deque<std::string> pieces_;
    std::span<char> room_;
    std::uint64_t content_limit_ = 0;
    base::milliseconds time_limit_{0};
    http::content_write* write_ = nullptr;
    std::string_view pending_piece_;
    std::optional<std::uint64_t> announced_length_;
    stream_state stream_ = stream_state::none;
    bool reads_slowly_ = false;
    bool is_abandoned_ = false;
    bool is_kept_ = false;
    bool is_peer_trusted_ = false;
    std::string_view client_ = "192.0.2.1";
    std::optional<received> response_;
};

} // namespace mortise::loopback
