// SPDX-License-Identifier: BSL-1.0
// An exchange on an HTTP/1 connection.
#pragma once

#include "async/deadline.hpp"
#include "base/clock.hpp"
#include "http/exchange.hpp"
#include "http1/content_decoder.hpp"
#include "http1/response_stream.hpp"
#include "net/address.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace mortise::http1 {

class connection;
struct workspace;

// Why a connection gives up on an exchange by itself.
constexpr http::problem client_left{499, "The client has left"};
constexpr http::problem handler_is_late{504, "The handler did not answer in time"};
constexpr http::problem client_is_slow{408, "The client did not take the answer in time"};
constexpr http::problem server_stops{503, "The server stops"};
constexpr http::problem no_memory{503, "There is no memory to go on"};

// Owned by its loop's pool. Bound to a connection until that closes or gives up on it; what the
// handler answers after that goes nowhere.
//
//   taken ─► begun ─► answered ───────────────────────────────► given back
//              ├────► abandoned ─► answered ─────────────────────┤
//              └────► running on ─┬► answered ───────────────────┤  (set_outlives_client, and
//                                 └► abandoned ─► answered ──────┘   the client has left)
class exchange final : public http::exchange, private async::deadline {
public:
    explicit exchange(workspace& workspace) noexcept : workspace_{workspace} {}

    void keep_request() override;
    http::read_progress read_content(std::span<char> into, http::content_read& read) override;
    void limit_content(std::uint64_t bytes) override { content_.set_limit(bytes); }
    void limit_time(base::milliseconds time) override;
    bool respond(const http::response& response) override;
    bool begin_response(const http::response& head, std::optional<std::uint64_t> length) override;
    http::write_progress write_content(std::string_view piece, http::content_write& write) override;
    void stop_reading() noexcept override;
    bool has_begun() const noexcept override { return stream_ != nullptr; }
    bool is_writing() const noexcept override {
        return stream_ != nullptr && stream_->write != nullptr;
    }
    void stop_writing() noexcept override;
    void end_response() override;
    void abort_response() override;
    void set_half_close_leaves(bool leaves) override;
    void cut_off(const http::problem& why) noexcept override;

    // For the connection alone from here on.

    // Where the reader of the head puts its result.
    http::request& head() noexcept { return request_; }
    // The head was read out of `bytes`; the handler is about to be called.
    void begin(connection& owner, std::string_view bytes) noexcept;
    // The connection is gone or has answered itself: tells the observer, then fails what is
    // pending. Where only the client has left and the handler outlives that, it runs on, and
    // the handler's deadline with it. `client` is who has left.
    void abandon(const http::problem& why, const net::address& client) noexcept;
    // Gives up on an exchange that runs on; nothing else is told.
    void stop(const http::problem& why) noexcept;
    // Back to a clean exchange, but for its memory.
    void reset() noexcept;

    bool half_close_leaves() const noexcept { return half_close_leaves_; }
    // Goes on with the pending read from the connection's unread bytes; false: more are needed.
    bool continue_reading() noexcept;
    // The pending read, if any, will get no more.
    void fail_reading(const http::problem& why) noexcept;

    // A response that has begun; null: none has.
    response_stream* stream() const noexcept { return stream_.get(); }
    response_stream& begin_stream(response_stream begun);
    void drop_stream() noexcept { stream_.reset(); }

    content_decoder& content() noexcept { return content_; }
    const content_decoder& content() const noexcept { return content_; }
    base::instant begun_at() const noexcept { return begun_at_; }

    // Where the exact clock is kept, this and what follows is of use: it has begun at `time`.
    void begin_measuring(base::exact_instant time) noexcept {
        exactly_begun_at_ = time;
        status_ = 0;
        is_counted_ = false;
    }
    base::exact_instant exactly_begun_at() const noexcept { return exactly_begun_at_; }
    // The status of the whole answer that was given; 0: none was, or not all of it.
    unsigned status() const noexcept { return status_; }
    void set_status(unsigned status) noexcept { status_ = static_cast<std::uint16_t>(status); }
    // Whether it is counted that this exchange is over.
    bool is_counted() const noexcept { return is_counted_; }
    void set_counted() noexcept { is_counted_ = true; }
    // Where the time of its handler runs.
    async::deadline_queue& handling() const noexcept { return *handling_; }

    exchange* next_free = nullptr; // in its pool

private:
    bool is_peer_trusted() const noexcept override;
    std::string_view client_address(address_room& room) const noexcept override;
    void on_expiry(base::instant now) noexcept override;
    void run_on() noexcept;
    void end_running_on() noexcept;
    void give_up(const http::problem& why) noexcept;
    http::read_progress read_now(std::span<char> into) noexcept;
    http::read_progress wait_to_read(std::span<char> into, http::content_read& read) noexcept;

    workspace& workspace_;
    connection* connection_ = nullptr;
    content_decoder content_;
    std::span<char> room_; // of the pending read
    std::unique_ptr<response_stream> stream_;
    base::instant begun_at_{};
    base::exact_instant exactly_begun_at_{};
    async::deadline_queue* handling_ = nullptr; // from begin() on
    net::address left_;                         // the client, once there is no connection
    bool was_behind_proxy_ = false;             // likewise
    std::uint16_t status_ = 0;
    bool is_counted_ = false;
    bool is_kept_ = false;
    bool runs_on_ = false; // without a connection, unanswered, not abandoned
};

} // namespace mortise::http1
