// SPDX-License-Identifier: BSL-1.0
// One HTTP/1.1 connection (RFC 9112): bytes in, exchanges to the handler, bytes out.
#pragma once

#include "async/deadline.hpp"
#include "http/content.hpp"
#include "http/problem.hpp"
#include "http1/message_reader.hpp"
#include "net/address.hpp"
#include "net/outbox.hpp"
#include "net/readiness.hpp"
#include "net/stream.hpp"

#include <boost/intrusive/list.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace mortise::net {
class output;
}

namespace mortise::http1 {

class content_decoder;
class exchange;
struct response_stream;
struct workspace;

// Where a connection stands.
//
//   proxy ──► head ──► handling ──► skipping ──► head …        one exchange after the other
//     │         │          │            │
//     │         └──────────┴────────────┴──► lingering ──► closed
//     └──────────────────────────────────────────────────────►
enum class phase : std::uint8_t {
    head,      // reads a request's head, or waits for its first byte
    handling,  // the handler has the exchange; content is read as it asks
    skipping,  // answered; what it left of the content is read past
    lingering, // the last answer is out; reads on a little, so that a reset does not undo it
    proxy,     // reads the header of the PROXY protocol, then waits for the first byte behind it
    closed
};

// Owned by its loop's service, which destroys it some time after it is closed. It keeps no buffer
// of its own: only bytes that cannot be judged yet, or could not be written yet, take memory.
// Thread: its loop's.
class connection final : public net::observer, public async::deadline {
public:
    // Where it `begins_by_proxy`, a header of the PROXY protocol comes before all else, and says
    // who the peer is in the place of `peer`.
    connection(workspace& workspace, std::unique_ptr<net::stream> stream, const net::address& peer,
               bool begins_by_proxy = false) noexcept;
    ~connection();

    // Begins: waits for the first request.
    void open() noexcept;
    // Answers what has arrived, then closes as soon as nothing is under way.
    void drain() noexcept;
    // Ends at once, whatever is under way. A handler that holds the exchange answers into nothing,
    // and is told `why`.
    void close(const http::problem& why) noexcept;
    bool is_closed() const noexcept { return phase_ == phase::closed; }

    void on_ready(net::ready_events events) noexcept override;
    void on_expiry(base::instant now) noexcept override;
    // The turn that resume_later() asked for.
    void resume() noexcept;
    // Ends the turn that is under way, since the handler does not return that was called in it. Its
    // exchange, which is given up on; null where it was answered.
    const http::exchange* leave_turn() noexcept;

    // For its exchange alone from here on.

    bool is_served() const noexcept;
    // Whether its other end is a proxy of the operator's.
    bool is_behind_proxy() const noexcept { return is_behind_proxy_; }
    // Whom an exchange comes from: the peer, or who a trusted proxy says it is. Null: none could be
    // read.
    net::address client(const exchange* of) const noexcept;
    void resume_later() noexcept;
    // The bytes behind the head, while it is served.
    std::string_view& unread() noexcept;
    // The handler wants content that its client holds back (RFC 9110, 10.1.1).
    void send_continue(const content_decoder& content) noexcept;
    // A half-close counts for its exchange from here on: one that has come is judged in a turn.
    void judge_half_close() noexcept;
    // Answers in the place of the handler that holds the exchange, or ends what it has begun.
    void cut_off(const http::problem& why) noexcept;
    // Where there is no memory for it, the connection ends instead.
    bool answer(exchange& answered, const http::response& response) noexcept;

    // The same in pieces, as http::exchange has it. The exchange's stream is there from
    // begin_response() on, and not where that is false.
    bool begin_response(exchange& begun, const http::response& head,
                        std::optional<std::uint64_t> length) noexcept;
    http::write_progress write_content(exchange& writing, std::string_view piece,
                                       http::content_write& write) noexcept;
    void stop_writing(response_stream& stream) noexcept;
    void end_response(exchange& ended) noexcept;
    void abort_response(exchange& aborted) noexcept;
    // Aborts for a fault of the handler, which is logged.
    void break_off(exchange& faulty, std::string_view fault) noexcept;

    static constexpr std::size_t written_at_once = 64 * 1024; // output does not grow beyond
    static constexpr std::size_t worth_lending = 16 * 1024;   // less is copied beside its head

    boost::intrusive::list_member_hook<> membership; // in its service's list
    boost::intrusive::list_member_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>
        place; // in workspace::resumable; once closed, in workspace::closed

private:
    // A turn (connection.cpp): everything that can be done now.
    void take_turn() noexcept;
    void serve();
    void end_turn();
    void give_workspace_back();
    bool has_left() const noexcept;
    bool is_drained() const noexcept;
    bool is_idle() const noexcept;
    bool wants_bytes() const noexcept;
    bool read_more();
    void keep_rest();
    void watch_time() noexcept;

    // Steps of a turn (connection.cpp): true where the next one can follow at once.
    bool is_held_up() const noexcept;
    bool may_advance() noexcept;
    bool advance();
    bool begin_exchange();
    bool continue_exchange();
    bool settle();
    bool skip_content();

    // Who is on the other side (connection_peer.cpp).
    void know_peer(const net::address& peer) noexcept;
    bool take_proxy_header() noexcept;
    void refuse_proxy_header(std::string_view fault) noexcept;

    // Answers (connection_answers.cpp).
    void refuse(const http::problem& why, http::method asked = http::method::unknown);
    void answer_for_handler(const http::problem& why);
    static void log_refusal(const exchange& of, std::string_view fault) noexcept;
    void log_access(exchange* answered, unsigned status, std::uint64_t size) noexcept;
    void answer_fault(exchange& answered, std::string_view fault);
    bool is_last(const exchange& answered) const noexcept;
    std::string_view write(const http::request* asked, const http::response& response);
    void write_answer(exchange& answered, const http::response& response, std::string_view& fault);
    std::string_view write_with_file(const http::request* asked, const http::response& response);
    void write_file(net::lent_file file);
    void write_lent(net::output& head, net::lent_content lent, std::string_view tail);
    net::output& destination() noexcept;
    void flush(net::output& from);
    bool write_outbox();
    void keep_unwritten(std::string_view bytes);

    // What is told of exchanges (connection_record.cpp).
    void begin_measuring() noexcept;
    void count_step() noexcept;
    void count_end(exchange& over) noexcept;
    void count_refusal(http::method asked, unsigned status) noexcept;
    void write_access_record(exchange* answered, unsigned status, std::uint64_t size) noexcept;
    void write_refusal_record(unsigned status, std::uint64_t size) noexcept;
    void log_stream(exchange& ended) noexcept;

    // Answers in pieces (connection_stream.cpp).
    bool will_be_last(const exchange& begun) const noexcept;
    std::string_view write_stream_head(exchange& begun, const http::response& head,
                                       std::optional<std::uint64_t> length);
    net::output& stream_output(response_stream& stream) noexcept;
    bool send_piece(response_stream& stream, std::string_view piece);
    void continue_stream(response_stream& stream);
    void drop_piece(response_stream& stream) noexcept;
    void send_taken(response_stream& stream) noexcept;
    void show_break(const response_stream& stream) noexcept;

    void end_last_answer() noexcept;
    void end_without_memory() noexcept;

    workspace& workspace_;
    std::unique_ptr<net::stream> stream_;
    exchange* exchange_ = nullptr;        // while handling or skipping
    std::unique_ptr<std::string> rest_;   // unread bytes between two turns
    std::unique_ptr<net::outbox> outbox_; // unwritten bytes; while there are any, nothing is read
    net::address peer_;
    head_progress progress_;
    phase phase_ = phase::head;
    bool readable_ = false; // bytes may be there that were not read
    bool broken_ = false;   // a read or write failed
    // Bits, as 152 bytes make a smaller block of the heap than 160 do, for each idle connection.
    bool peer_shut_ : 1 = false;       // an end of the stream is to come
    bool at_end_ : 1 = false;          // the end of the stream was read
    bool last_answer_ : 1 = false;     // nothing follows the answer that was given
    bool must_linger_ : 1 = false;     // the client may still be sending
    bool header_begun_ : 1 = false;    // part of a head has come, and its deadline runs; with
                                       // phase::proxy, the header of that has come
    bool is_behind_proxy_ : 1 = false; // the peer is trusted to say who its client is
};

// Connections in the order in which they came. Standing in it takes no memory, and ends by itself
// when a connection is destroyed.
using connection_queue = boost::intrusive::list<
    connection,
    boost::intrusive::member_hook<connection, decltype(connection::place), &connection::place>,
    boost::intrusive::constant_time_size<false>>;

} // namespace mortise::http1
