// SPDX-License-Identifier: BSL-1.0
// An exchange on an HTTP/1 connection.
#pragma once

#include "base/clock.hpp"
#include "http/exchange.hpp"
#include "http1/content_decoder.hpp"

#include <string_view>

namespace mortise::http1 {

class connection;
struct workspace;

// Owned by its loop's pool. Bound to a connection until that closes or gives up on it; what the
// handler answers after that goes nowhere.
//
//   taken ─► begun ─► answered ──────────────► given back
//              └───► abandoned ─► answered ─┘   (the client left, or the deadline passed)
class exchange final : public http::exchange {
public:
    explicit exchange(workspace& workspace) noexcept : workspace_{workspace} {}

    void keep_request() override;
    http::read_progress read_content(std::span<char> into, http::content_read& read) override;
    void limit_content(std::uint64_t bytes) override { content_.set_limit(bytes); }
    bool respond(const http::response& response) override;

    // For the connection alone from here on.

    // Where the reader of the head puts its result.
    http::request& head() noexcept { return request_; }
    // The head was read out of `bytes`; the handler is about to be called.
    void begin(connection& owner, std::string_view bytes) noexcept;
    // The connection is gone or has answered itself; a pending read fails with `why`.
    void abandon(const http::problem& why) noexcept;
    // Back to a clean exchange.
    void reset() noexcept;

    bool is_reading() const noexcept { return read_ != nullptr; }
    // Goes on with the pending read from the connection's unread bytes; false: more are needed.
    bool continue_reading() noexcept;
    // The pending read, if any, will get no more.
    void fail_reading(const http::problem& why) noexcept;

    content_decoder& content() noexcept { return content_; }
    const content_decoder& content() const noexcept { return content_; }
    base::instant begun_at() const noexcept { return begun_at_; }

private:
    http::read_progress read_now(std::span<char> into) noexcept;
    http::read_progress wait_to_read(std::span<char> into, http::content_read& read) noexcept;

    workspace& workspace_;
    connection* connection_ = nullptr;
    content_decoder content_;
    std::string_view head_bytes_;
    http::content_read* read_ = nullptr; // pending
    std::span<char> room_;               // of the pending read
    base::instant begun_at_{};
    bool kept_ = false;
};

} // namespace mortise::http1
