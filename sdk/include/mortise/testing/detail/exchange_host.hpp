// SPDX-License-Identifier: BSL-1.0
// The host's and the client's part of an exchange: the handler is called, the client takes the
// response or leaves.
#pragma once

#include <mortise/testing/detail/exchange.hpp>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {
namespace detail {

inline void exchange::take_route(router::found found, std::string plugin,
                                 std::uint64_t host_limit) {
    route_ = std::move(found.taken);
    plugin_ = std::move(plugin);
    content_.limit(route_->content_limit != 0 ? route_->content_limit : host_limit);
    content_.push(asked_.content());
    if (!asked_.is_content_to_come()) {
        content_.end();
    }
    values_ = std::move(found.values);
}

inline void exchange::call_handler(mortise_loop* loop, void* loop_state) {
    const bool is_whole = route_->has(MORTISE_ROUTE_CONTENT);
    const auto& raw = request_.write(asked_, request_at_, values_, authority_,
                                     is_whole ? std::string_view{content_.bytes()} : "");
    request_.bind(loop, loop_state);
    if (may_wait()) {
        constexpr std::size_t least = 1024; // that the border promises
        request_.give_memory(memory_.allocate(least, alignof(std::max_align_t)), least);
    }
    if (is_whole) {
        content_.skip();
    }
    was_handled_ = is_held_ = true;
    const unsigned turn = turn_;
    std::int32_t result = MORTISE_E_FAILED;
    const bool returned = stage_.enter(part::loop, called("the handler"), [&] {
        result = route_->handle(route_->user, number_, &raw);
    });
    if (turn_ != turn) { // it was a filter, and let the request go on meanwhile
        if (result != MORTISE_REPLIED) {
            breach("on_request", "returned " + std::to_string(result) + " after go_on()", 0);
        }
        return;
    }
    if (!may_wait() || !is_held_) {
        request_.memory().clear();
    }
    judge_result(returned ? result : MORTISE_E_FAILED);
}

inline void exchange::judge_result(std::int32_t result) {
    if (!is_held_) {
        if (result != MORTISE_REPLIED) {
            breach("the handler", "returned " + std::to_string(result) + " after it had replied",
                   0);
        }
        return;
    }
    if (result == MORTISE_PENDING && may_wait()) {
        return;
    }
    if (result == MORTISE_DECLINED && is_at_filter()) {
        pass_filter();
        has_declined_ = true;
        return;
    }
    if (result == MORTISE_REPLIED) {
        breach("the handler", "returned MORTISE_REPLIED without a reply", 0);
    } else if (result == MORTISE_PENDING) {
        breach("the handler", "returned MORTISE_PENDING on a route without MORTISE_ROUTE_MAY_WAIT",
               0);
    } else if (result > MORTISE_DECLINED) {
        breach("the handler", "returned an unknown result " + std::to_string(result), 0);
    }
    if (response_.has_head) {
        response_.break_off();
    } else if (result == MORTISE_DECLINED) {
        answer_instead(404, "Not Found");
    } else {
        answer_instead(500, "Internal Server Error");
    }
    finish();
}

// An answer of the host's own; the plugin's part in the exchange stays as it is.
inline void exchange::answer_instead(unsigned status, std::string_view text, field_lines fields) {
    if (response_.has_head || has_client_left_) {
        return;
    }
    fields.emplace_back("Content-Type", "text/plain; charset=utf-8");
    unsent_ = std::string{text} + "\n";
    begin_response(status, std::move(fields), static_cast<std::int64_t>(unsent_.size()));
    send_content();
}

// In the place of a plugin that still holds it: no filter sees that.
inline void exchange::answer_for_plugin(unsigned status, std::string_view text) {
    passed_.clear();
    answer_instead(status, text);
}

inline void exchange::begin_response(unsigned status, field_lines fields, std::int64_t length) {
    filter_response(status, fields, length);
    response_.begin(status, std::move(fields));
}

// Its content is broken before its handler was called, which it never will be.
inline void exchange::refuse_content() {
    was_handled_ = true;
    answer_instead(content_.fault(), "The content is broken, too large or too slow");
}

inline void exchange::send_content() {
    unsent_.erase(0, response_.take(unsent_));
    if (unsent_.empty()) {
        response_.end();
        release_lent();
    }
}

inline void exchange::continue_writing() {
    if (response_.has_ended) {
        return;
    }
    if (!unsent_.empty()) {
        send_content();
    } else if (write_.operation != nullptr) {
        write_.rest.remove_prefix(response_.take(write_.rest));
        if (write_.rest.empty()) {
            operations_.finish(*write_.operation, MORTISE_OK);
        }
    }
}

inline void exchange::continue_reading() {
    if (read_.operation == nullptr || read_.into == nullptr) {
        return;
    }
    if (const auto piece = content_.take(read_.into, read_.size)) {
        read_.into = nullptr; // it is decided
        operations_.finish(*read_.operation, piece->status, piece->result);
    }
}

// Reads and writes that wait for the client end: it will not come.
inline void exchange::end_operations() {
    if (read_.operation != nullptr) {
        read_.into = nullptr;
        operations_.finish(*read_.operation, MORTISE_E_CANCELLED);
    }
    if (write_.operation != nullptr) {
        operations_.finish(*write_.operation, MORTISE_E_CANCELLED);
    }
}

inline void exchange::client_leaves() {
    if (std::exchange(has_client_left_, true)) {
        return;
    }
    if (is_collecting()) {
        was_handled_ = true; // its handler never will be
    }
    response_.break_off();
    unsent_.clear();
    release_lent();
    if (is_held_) {
        end_operations();
        if (!route_->has(MORTISE_ROUTE_KEEPS_ON)) {
            cancel();
        }
    }
}

inline void exchange::client_half_closes() {
    has_half_closed_ = true;
    if (is_held_ && (has_begun_ || route_->has(MORTISE_ROUTE_HALF_CLOSE_LEAVES))) {
        client_leaves();
    }
}

// The host's time is over, or it stops: the client is told so.
inline void exchange::give_up(unsigned status, std::string_view text) {
    if (is_collecting()) {
        was_handled_ = true;
        answer_for_plugin(status, text);
    }
    if (!is_held_ || is_given_up_) {
        return;
    }
    if (response_.has_head) {
        response_.break_off();
    } else {
        answer_for_plugin(status, text);
    }
    end_operations();
    cancel();
}

inline void exchange::cancel() {
    if (std::exchange(is_given_up_, true) || cancel_call_ == nullptr) {
        return;
    }
    stage_.enter(part::loop, called("the call of on_cancel()"),
                 [&] { std::exchange(cancel_call_, nullptr)(cancel_user_); });
}

// The plugin is done with it.
inline void exchange::finish() {
    is_held_ = false;
    cancel_call_ = nullptr;
    for (auto* const each : operations_.within(memory_)) {
        breach(operations_.name_of(each),
               "is pending in memory of the exchange, which is over; it is not completed", 0);
        operations_.drop(each);
    }
    end_operations();
    stage_.afterwards([self = shared_from_this()] {
        if (self->may_wait()) {
            self->request_.memory().clear();
        }
        self->memory_.clear();
        self->when_over(*self, std::move(self->memory_));
    });
}

// The lent bytes are compared with what the client was sent: they should not have changed. Outside
// of the plugin's calls, and so in a turn of its own.
inline void exchange::release_lent() {
    if (lent_.release == nullptr) {
        return;
    }
    stage_.loop.post([self = shared_from_this(), lent = std::exchange(lent_, {})] {
        const auto& sent = self->response_.content;
        if (!lent.bytes.empty() && !lent.bytes.starts_with(sent)) {
            self->breach("reply()", "the lent content was changed before it was released", 0);
        }
        self->stage_.enter(part::loop, self->called("release"),
                           [&] { lent.release(lent.argument); });
    });
}

} // namespace detail
} // namespace testing
} // namespace sdk_v0
} // namespace mortise
