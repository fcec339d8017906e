// SPDX-License-Identifier: BSL-1.0
// A connection's turn: read, step from exchange to exchange, leave in one write.
#include "http1/connection.hpp"

#include "http/handler.hpp"
#include "http1/exchange.hpp"
#include "http1/workspace.hpp"

#include <algorithm>
#include <limits>
#include <new>
#include <utility>

namespace mortise::http1 {

connection::connection(workspace& workspace, std::unique_ptr<net::stream> stream,
                       const net::address& peer, bool begins_by_proxy) noexcept
    : workspace_{workspace},
      stream_{std::move(stream)},
      phase_{begins_by_proxy ? phase::proxy : phase::head} {
    know_peer(peer);
}

connection::~connection() = default;

void connection::open() noexcept {
    if (!stream_->watch(*this)) {
        return close(client_left);
    }
    workspace_.header.arm(*this, workspace_.now);
}

[[gnu::hot]] void connection::on_ready(net::ready_events events) noexcept {
    readable_ = readable_ || events.readable();
    peer_shut_ = peer_shut_ || events.peer_shut();
    broken_ = broken_ || events.broken();
    take_turn();
}

void connection::resume() noexcept {
    take_turn();
}

void connection::drain() noexcept {
    readable_ = true; // a request may have come that no event has told of yet
    take_turn();
}

bool connection::is_served() const noexcept {
    return workspace_.current == this;
}

std::string_view& connection::unread() noexcept {
    return workspace_.input.unread();
}

void connection::resume_later() noexcept {
    if (place.is_linked()) {
        return; // it has asked already, or is closed
    }
    workspace_.resumable.push_back(*this);
    if (&workspace_.resumable.front() == this) {
        workspace_.on_resumable();
    }
}

[[gnu::hot]] void connection::take_turn() noexcept {
    if (is_closed()) {
        return;
    }
    try {
        if (outbox_ == nullptr || write_outbox() || phase_ == phase::handling) {
            workspace_.current = this;
            workspace_.input.load(rest_ != nullptr ? std::string_view{*rest_} : std::string_view{});
            if (exchange_ != nullptr && exchange_->stream() != nullptr) {
                continue_stream(*exchange_->stream());
            }
            serve();
        }
        end_turn();
    } catch (const std::bad_alloc&) {
        end_without_memory();
    }
}

// While the client takes nothing, no further request is served; content that a handler reads may
// come all the same.
inline bool connection::is_held_up() const noexcept {
    return outbox_ != nullptr && phase_ != phase::handling;
}

inline bool connection::may_advance() noexcept {
    return (phase_ != phase::head || !unread().empty()) && !is_held_up() && !broken_;
}

// Steps until more bytes are needed, or a handler, or room in the stream.
void connection::serve() {
    constexpr int most_reads = 16; // then the others have their turn
    for (int reads = 0;; ++reads) {
        while (may_advance() && advance()) {
        }
        if (!wants_bytes()) {
            return;
        }
        if (reads == most_reads) {
            return resume_later();
        }
        if (!read_more()) {
            return;
        }
    }
}

inline bool connection::is_idle() const noexcept {
    return (phase_ == phase::head || phase_ == phase::proxy) && rest_ == nullptr;
}

// Whether nothing is under way, while nothing more shall come.
inline bool connection::is_drained() const noexcept {
    return workspace_.draining && outbox_ == nullptr && is_idle() && !place.is_linked();
}

inline void connection::give_workspace_back() {
    flush(workspace_.output);
    keep_rest();
    workspace_.current = nullptr;
}

[[gnu::hot]] void connection::end_turn() {
    if (workspace_.current == this) {
        give_workspace_back();
    }
    if (outbox_ == nullptr && phase_ == phase::lingering && last_answer_ && !broken_) {
        end_last_answer();
    }
    if (broken_ || ((peer_shut_ || at_end_) && has_left()) || is_drained()) {
        return close(client_left);
    }
    watch_time();
}

// A handler that has answered all the same may be followed by further requests of this turn.
// Another one is not told that it is given up: it stands in the middle of something.
[[gnu::cold]] const http::exchange* connection::leave_turn() noexcept {
    const exchange* const left =
        exchange_ != nullptr && !exchange_->is_answered() ? exchange_ : nullptr;
    try {
        if (left != nullptr) {
            if (workspace_.is_measured) {
                count_step();
            }
            exchange_->observe(nullptr);
            give_workspace_back();
            cut_off(handler_is_late);
            return left;
        }
        if (phase_ == phase::handling) {
            continue_exchange(); // which is answered
        }
        end_turn();
        resume_later();
    } catch (const std::bad_alloc&) {
        end_without_memory();
    }
    return left;
}

// Whether nothing is left to do for a client that has shut its sending side, or it has left by
// that.
[[gnu::cold]] bool connection::has_left() const noexcept {
    if (phase_ == phase::handling) {
        return !exchange_->is_answered() && exchange_->half_close_leaves();
    }
    return at_end_ && outbox_ == nullptr && (is_idle() || phase_ == phase::lingering);
}

void connection::judge_half_close() noexcept {
    if (peer_shut_ && !is_served()) {
        resume_later();
    }
}

bool connection::wants_bytes() const noexcept {
    if (!readable_ || at_end_ || broken_ || is_held_up()) {
        return false;
    }
    return phase_ != phase::handling || exchange_->is_reading();
}

bool connection::read_more() {
    const auto room = workspace_.input.room();
    const auto size = stream_->read(room);
    if (!size) {
        readable_ = false;
        broken_ = !net::is_would_block(size.error());
        return false;
    }
    if (*size < room.size() && !peer_shut_) {
        readable_ = false; // nothing is left: more will be told of (edge-triggered)
    }
    at_end_ = *size == 0;
    workspace_.input.commit(*size);
    return true;
}

void connection::keep_rest() {
    const auto bytes = unread();
    if (bytes.empty() || phase_ == phase::lingering) {
        rest_.reset();
    } else if (rest_ != nullptr) {
        rest_->assign(bytes);
    } else {
        rest_ = std::make_unique<std::string>(bytes);
    }
}

// Arms the deadline of what is waited for. Those of a header section, of the handler and of
// lingering run from their beginning; the others start anew with each sign of life.
void connection::watch_time() noexcept {
    const auto now = workspace_.now;
    if (outbox_ != nullptr) {
        if (!is_armed()) { // disarmed by each byte that the client took
            workspace_.writing.arm(*this, now);
        }
        return;
    }
    switch (phase_) {
    case phase::head:
        if (rest_ == nullptr) {
            workspace_.keep_alive.arm(*this, now);
        } else if (!header_begun_) {
            header_begun_ = true;
            workspace_.header.arm(*this, now);
        }
        break;
    case phase::handling:
        if (exchange_->is_reading()) {
            workspace_.content.arm(*this, now);
        } else if (exchange_->stream() != nullptr) {
            disarm(); // it may be idle between two pieces for as long as it likes
        } else {
            exchange_->handling().arm(*this, exchange_->begun_at());
        }
        break;
    case phase::skipping:
        workspace_.content.arm(*this, now);
        break;
    case phase::proxy: // that of the head runs from the connection's beginning
    case phase::lingering:
    case phase::closed:
        break;
    }
}

bool connection::advance() {
    switch (phase_) {
    case phase::head:
        return begin_exchange();
    case phase::handling:
        return continue_exchange();
    case phase::skipping:
        return skip_content();
    case phase::lingering:
        unread().remove_prefix(unread().size()); // what comes now is read for nobody
        return false;
    case phase::proxy:
        return take_proxy_header();
    case phase::closed:
        break;
    }
    return false;
}

[[gnu::hot]] bool connection::begin_exchange() {
    auto& bytes = unread();
    const auto give_back = [this](exchange* unused) { workspace_.exchanges.give_back(*unused); };
    std::unique_ptr<exchange, decltype(give_back)> next{&workspace_.exchanges.take(workspace_),
                                                        give_back};
    const auto head = read_head(bytes, progress_, workspace_.settings.limits, workspace_.field_room,
                                next->memory(), next->head());
    if (head.now != head::state::complete) {
        if (head.now == head::state::refused) {
            refuse(head.why, head.method);
        } else if (at_end_) {
            refuse({400, "The request ended within its header section"});
        }
        return false;
    }
    exchange_ = next.release();
    phase_ = phase::handling;
    exchange_->begin(*this, bytes.substr(0, head.size));
    bytes.remove_prefix(head.size);
    progress_ = {};
    header_begun_ = false;
    if (workspace_.is_measured) {
        begin_measuring();
    }
    workspace_.handler->handle(*exchange_);
    return settle();
}

bool connection::continue_exchange() {
    if (!exchange_->is_answered() && exchange_->is_reading() && !exchange_->continue_reading()) {
        if (!at_end_) {
            return false;
        }
        last_answer_ = true;
        exchange_->fail_reading({400, "The request ended within its content"});
    }
    return settle();
}

// The handler has returned, or has answered out of turn.
[[gnu::hot]] bool connection::settle() {
    if (workspace_.is_measured) {
        count_step();
    }
    if (!exchange_->is_answered()) {
        exchange_->keep_request();
        return exchange_->is_reading();
    }
    if (last_answer_) {
        must_linger_ = !unread().empty() || !exchange_->content().is_at_end();
        workspace_.exchanges.give_back(*std::exchange(exchange_, nullptr));
        phase_ = phase::lingering;
    } else if (exchange_->content().is_at_end()) {
        workspace_.exchanges.give_back(*std::exchange(exchange_, nullptr));
        phase_ = phase::head;
    } else {
        exchange_->content().limit_rest(workspace_.settings.limits.drained_content_size);
        phase_ = phase::skipping;
    }
    return true;
}

bool connection::skip_content() {
    using state = content_decoder::step::state;
    auto now = state::end;
    do {
        now =
            exchange_->content()
                .next(unread(), std::numeric_limits<std::size_t>::max(), workspace_.settings.limits)
                .now;
    } while (now == state::piece);
    if (now == state::need_more && !at_end_) {
        return false;
    }
    workspace_.exchanges.give_back(*std::exchange(exchange_, nullptr));
    if (now == state::end) {
        phase_ = phase::head;
        return true;
    }
    phase_ = phase::lingering; // too much of it, broken, or cut off: the answer is out already
    last_answer_ = true;
    must_linger_ = true;
    return true;
}

void connection::on_expiry(base::instant) noexcept {
    if (phase_ == phase::handling && outbox_ == nullptr && place.is_linked()) {
        return; // the handler did something just now; the turn that comes judges it
    }
    try {
        if (outbox_ != nullptr || phase_ == phase::skipping || phase_ == phase::lingering ||
            is_idle()) {
            return close(client_is_slow);
        }
        if (phase_ == phase::proxy) {
            refuse_proxy_header("it did not arrive in time");
            return close(client_is_slow);
        }
        if (phase_ == phase::head) {
            refuse({408, "The header section did not arrive in time"});
        } else if (exchange_->is_reading()) {
            last_answer_ = true;
            exchange_->fail_reading({408, "The content did not arrive in time"});
            resume_later();
        } else {
            answer_for_handler(handler_is_late);
        }
        end_turn();
    } catch (const std::bad_alloc&) {
        end_without_memory();
    }
}

void connection::cut_off(const http::problem& why) noexcept {
    if (exchange_->stream() != nullptr) {
        return close(why);
    }
    try {
        answer_for_handler(why);
        end_turn();
    } catch (const std::bad_alloc&) {
        end_without_memory();
    }
}

} // namespace mortise::http1
