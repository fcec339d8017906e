// SPDX-License-Identifier: BSL-1.0
// One request and its response, whatever the protocol.
#pragma once

#include "base/arena.hpp"
#include "base/clock.hpp"
#include "http/content.hpp"
#include "http/exchange_observer.hpp"
#include "http/kept_text.hpp"
#include "http/request.hpp"
#include "http/response.hpp"
#include "http/response_filter.hpp"
#include "http/served_route.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace mortise::http {

class handler;
struct problem;

// A piece of the path that a route names: {name}. The value is percent-decoded.
struct path_parameter {
    std::string_view name;
    std::string_view value;
};

// Made by a connection, owned by it until respond(); a handler that keeps it past handle() owes
// exactly one respond(), even when the client has left meanwhile, and must not touch it after.
// Thread: the loop of its connection, always.
class exchange {
public:
    static constexpr std::size_t max_parameters = 16;

    exchange(const exchange&) = delete;
    exchange& operator=(const exchange&) = delete;

    const http::request& request() const noexcept { return request_; }

    // What the route's pattern took out of the path; set by the router.
    std::span<const path_parameter> parameters() const noexcept {
        return {parameters_.data(), parameter_count_};
    }
    void add_parameter(path_parameter parameter) noexcept {
        parameters_[parameter_count_++] = parameter;
    }
    void clear_parameters() noexcept { parameter_count_ = 0; }

    // The route that serves this exchange, which lives as long as the route table; null before
    // routing and where no route matched.
    const served_route* route() const noexcept { return route_; }
    void set_route(const served_route* found) noexcept { route_ = found; }
    // Its pattern; empty where there is none.
    std::string_view pattern() const noexcept {
        return route_ != nullptr ? std::string_view{route_->pattern} : std::string_view{};
    }

    // Who handles this exchange once the filter that has it lets it go on. Set before each filter.
    http::handler& next() const noexcept { return *next_; }
    void set_next(http::handler& next) noexcept { next_ = &next; }

    // Exchanges of one cohort began with the same handler of their service, later ones with a later
    // one. 0: it has not begun.
    std::uint32_t cohort() const noexcept { return cohort_; }

    // By what this request is told from all others: 128 random bits in hexadecimal digits, made
    // when it is asked for first, or what a trusted proxy calls it. For the life of the exchange.
    // Throws std::bad_alloc.
    std::string_view request_id();

    // By what it is known beyond this host, and whom it comes from: made when it is asked for
    // first, in memory(), for the life of the exchange. Throws std::bad_alloc.
    struct identity {
        std::string_view request_id;
        std::string_view trace_parent;   // a trace_parent_text; empty: it is part of no trace
        std::string_view client_address; // as client_address() has it
    };
    const identity& known_as();

    // Memory that lives as long as this exchange.
    base::arena& memory() noexcept { return memory_; }

    // Makes the request's views and the parameters last for the life of the exchange. Whoever calls
    // the handler does so once that has returned without an answer; who needs it earlier calls it
    // itself. Idempotent.
    virtual void keep_request() = 0;

    // The text that the request's views lie in, but for those that lie in memory().
    std::string_view text() const noexcept { return text_; }

    // The half of keep_request() which a handler needs before it knows whether it will answer at
    // once: copies text(), once, to `room`, which is as large and of memory(), and says how a view
    // moves there. The views of request() and parameters() themselves stay until keep_request().
    kept_text keep_text(char* room) noexcept {
        if (!is_text_kept()) {
            std::copy_n(text_.data(), text_.size(), room);
            kept_ = {room, text_.size()};
        }
        return {text_, kept_};
    }
    bool is_text_kept() const noexcept { return kept_.data() != nullptr; }

    // Reads the next piece of the content into `into` (not empty). The first read answers
    // Expect: 100-continue. At most one read is outstanding; `read` is used only if pending.
    virtual read_progress read_content(std::span<char> into, content_read& read) = 0;

    // Whether a read is pending.
    bool is_reading() const noexcept { return read_ != nullptr; }
    // Takes a pending read back, which then ends in no way; no byte of the content is lost by it.
    virtual void stop_reading() noexcept = 0;

    // The most content that will be read for this exchange, in bytes; more is 413. Before the
    // first read_content() only.
    virtual void limit_content(std::uint64_t bytes) = 0;

    // How long its handler has for the answer, from the head on, in the place of what all have;
    // then 504. Before that handler is called.
    virtual void limit_time(base::milliseconds time) = 0;

    // Answers. Exactly once; the exchange is gone afterwards if handle() has already returned.
    // False: the response breaks a rule of HTTP (a status, field name or value that may not be
    // sent); the fault is logged and the client gets 500 instead, or, where another response had
    // begun, sees that break off. Where there is no memory even to judge it, the connection ends,
    // and this is true.
    virtual bool respond(const response& response) = 0;

    // Begins a response whose content follows piece by piece; `length` is its size where that is
    // known. Judges as respond() does. False: nothing was sent, the fault is logged, and the
    // handler still owes its answer; or another response had begun, which breaks off and is over.
    // True: the handler owes an end_response() or abort_response() in the place of respond(), and
    // its deadline runs no more. The content of `head` is not looked at, only released. From here
    // on a half-close leaves; the request's content can still be read.
    virtual bool begin_response(const response& head, std::optional<std::uint64_t> length) = 0;

    // Writes the next piece of the content. At most one write is outstanding; `write` is used, and
    // `piece` borrowed, only if it is pending. Where the response has no content (to HEAD, or with
    // 204 or 304) pieces are dropped. An empty piece writes nothing. Small pieces leave together at
    // the end of the connection's turn, or in its next one.
    virtual write_progress write_content(std::string_view piece, content_write& write) = 0;

    // Whether begin_response() was right, and whether a write is pending.
    virtual bool has_begun() const noexcept = 0;
    virtual bool is_writing() const noexcept = 0;
    // Takes a pending write back, which then ends in no way; the piece is not touched any more. How
    // much of it has left is not known, so the response breaks off: the connection gives up on the
    // exchange in its next turn.
    virtual void stop_writing() noexcept = 0;

    // Ends the response; the exchange is gone afterwards as it is after respond(). With less
    // content than was announced, or while a write is pending, it is abort_response() instead, and
    // logged; more content than was announced fails in write_content(), which ends the connection.
    virtual void end_response() = 0;

    // Breaks the response off, so that the client can tell that it is not whole: the connection
    // ends. The exchange is gone afterwards.
    virtual void abort_response() = 0;

    // Also after end_response() and abort_response(), and once the connection has given up.
    bool is_answered() const noexcept { return answered_; }

    // Gives up on this exchange from outside, where nobody has: the client gets `why`, or sees the
    // response that had begun break off, and the observer is told. In no turn of its connection.
    virtual void cut_off(const problem& why) noexcept = 0;

    // Its handler will never end nor answer, and the client has been answered in its place: it is
    // in nobody's way any more, and its memory stays as it is for good.
    void set_aside() noexcept {
        observer_ = nullptr;
        clear_response_filters();
        cohort_ = 0;
    }

    // Tells `observer` when the connection gives up on this exchange; null: nobody. One that was
    // given up before, which is_answered() tells, has no more to tell.
    void observe(exchange_observer* observer) noexcept { observer_ = observer; }

    // Lets `filter` see the head of the response before it is written, and before the filters that
    // were added earlier; what the connection answers in the place of a handler is seen by none.
    // For the life of the exchange.
    void add_response_filter(response_filter& filter) noexcept {
        filter.next_ = filters_;
        filters_ = &filter;
    }
    // The filter that was added last; null: there is none.
    response_filter* last_response_filter() const noexcept { return filters_; }

    // Whether a client that shuts its sending side (RFC 9112, 9.6: half-close) has left by that.
    // False at first: it may do so and wait for its answer. Where it has done so already, the
    // connection gives up in its next turn.
    virtual void set_half_close_leaves(bool leaves) = 0;

    // Whether the handler runs to its end although its client has left: then its observer is not
    // told of that, only of deadlines and of a server that stops. Pending reads and writes fail
    // all the same. False at first.
    void set_outlives_client(bool outlives) noexcept { outlives_client_ = outlives; }

protected:
    exchange() = default;
    ~exchange() = default;

    std::span<path_parameter> mutable_parameters() noexcept {
        return {parameters_.data(), parameter_count_};
    }

    bool is_filtered() const noexcept { return filters_ != nullptr; }
    void clear_response_filters() noexcept {
        while (filters_ != nullptr) {
            std::exchange(filters_, filters_->next_)->on_over();
        }
    }
    // Whether the other end of the connection is one whose word counts for the client's, such as a
    // proxy of the operator's. Nobody is, unless a protocol knows of one.
    virtual bool is_peer_trusted() const noexcept { return false; }

    // The client's address for people, as far as its protocol knows one: else empty. In `room`, or
    // it lasts.
    using address_room = std::array<char, 46>;
    virtual std::string_view client_address(address_room& /*room*/) const noexcept { return {}; }

    // The head as it is after all filters.
    response filtered(const response& head, std::optional<std::uint64_t> length) noexcept {
        response changed = head;
        for (auto* each = filters_; each != nullptr; each = each->next_) {
            each->on_response(*this, changed, length);
        }
        return changed;
    }

    void set_text(std::string_view text) noexcept {
        text_ = text;
        kept_ = {};
    }
    // One that lasts as it is.
    void set_lasting_text(std::string_view text) noexcept { text_ = kept_ = text; }

    http::request request_;
    exchange_observer* observer_ = nullptr;
    content_read* read_ = nullptr; // pending
    bool answered_ = false;
    bool half_close_leaves_ = false;
    bool outlives_client_ = false;
    enum class asked_for : std::uint8_t { nothing, id, identity };
    asked_for made_ = asked_for::nothing; // of what the request is known by
    std::uint32_t cohort_ = 0;

private:
    std::uint8_t parameter_count_ = 0;
    response_filter* filters_ = nullptr;
    http::handler* next_ = nullptr;
    const served_route* route_ = nullptr;
    std::string_view id_;
    const identity* known_as_ = nullptr;
    std::string_view text_;
    std::string_view kept_; // the same in memory(); null: it is not copied yet
    std::array<path_parameter, max_parameters> parameters_;
    base::arena memory_;
};

} // namespace mortise::http
