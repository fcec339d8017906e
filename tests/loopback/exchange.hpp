// SPDX-License-Identifier: BSL-1.0
// An exchange without a connection: a request that a test wrote, and the response to look at.
#pragma once

#include "http/exchange.hpp"

#include <cstdint>
#include <cstring>
#include <deque>
#include <optional>
#include <string>
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
    }

    http::request& head() noexcept { return request_; }
    const std::optional<received>& response() const noexcept { return response_; }
    bool is_kept() const noexcept { return is_kept_; }
    std::uint64_t content_limit() const noexcept { return content_limit_; }

    bool half_close_leaves() const noexcept { return half_close_leaves_; }
    bool outlives_client() const noexcept { return outlives_client_; }
    http::exchange_observer* observer() const noexcept { return observer_; }

    // As after a deadline: the client has its answer, the handler still owes its own.
    void answer_by_connection() noexcept { answered_ = true; }
    // As where the connection gives up: the observer is told, then a pending read fails.
    void abandon(const http::problem& why) {
        answered_ = true;
        if (auto* const told = std::exchange(observer_, nullptr)) {
            told->on_abandoned(why);
        }
        fail_content(why);
    }

    void give_piece(std::string piece) {
        pieces_.push_back(std::move(piece));
        go_on();
    }
    void end_content() { give_piece({}); }
    void fail_content(const http::problem& why) {
        if (auto* const read = std::exchange(read_, nullptr)) {
            read->fail(why);
        }
    }

    void keep_request() override { is_kept_ = true; }
    void set_half_close_leaves(bool leaves) override { half_close_leaves_ = leaves; }
    void limit_content(std::uint64_t bytes) override { content_limit_ = bytes; }

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
            response_.emplace(received{is_sendable ? response.status : 500, {}, {}});
            for (const http::field& field : response.fields) {
                response_->fields.emplace_back(field.name, field.value);
            }
            response_->content = response.content;
        }
        answered_ = true;
        if (response.release != nullptr) {
            response.release(response.release_argument);
        }
        return is_sendable;
    }

private:
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

    void go_on() {
        if (auto* const read = std::exchange(read_, nullptr)) {
            read->complete(take_piece());
        }
    }

    std::deque<std::string> pieces_;
    http::content_read* read_ = nullptr;
    std::span<char> room_;
    std::uint64_t content_limit_ = 0;
    bool is_kept_ = false;
    std::optional<received> response_;
};

} // namespace mortise::loopback
