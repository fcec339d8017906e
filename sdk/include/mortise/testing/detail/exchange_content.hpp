// SPDX-License-Identifier: BSL-1.0
// Content piece by piece: the functions of mortise_content for one exchange.
#pragma once

#include <mortise/abi/ext/content.h>
#include <mortise/testing/detail/exchange.hpp>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {
namespace detail {

// Hands the operation to the host.
inline std::int32_t exchange::start_late(mortise_operation& operation, std::string_view function,
                                         std::function<void()> cancel,
                                         std::function<void()> ended) {
    operations_.add(operation, called(function), route_->owner, std::move(cancel),
                    [self = shared_from_this(), ended = std::move(ended)] { ended(); });
    return MORTISE_PENDING;
}

inline std::int32_t exchange::read(char* into, std::size_t size, mortise_operation* operation) {
    constexpr std::string_view function = "content read()";
    if (into == nullptr || size == 0) {
        return breach(function, "there is no room to read into", MORTISE_E_INVALID);
    }
    if (read_.operation != nullptr) {
        return breach(function, "another read is pending", MORTISE_E_STATE);
    }
    if (const auto code = operations_.judge(operation, called(function)); code != MORTISE_OK) {
        return code;
    }
    if (const auto refusal = stage_.take_refusal(function::content_read)) {
        return *refusal;
    }
    if (!is_open()) {
        return MORTISE_E_CANCELLED;
    }
    if (stage_.options.completes_at_once) {
        if (const auto piece = content_.take(into, size)) {
            operation->result = piece->result;
            return piece->status;
        }
    }
    read_ = {operation, into, size};
    start_late(
        *operation, function,
        [this] {
            read_.into = nullptr;
            operations_.finish(*read_.operation, MORTISE_E_CANCELLED);
        },
        [this] { read_ = {}; });
    continue_reading();
    return MORTISE_PENDING;
}

inline std::int32_t exchange::begin(const mortise_reply* head, std::int64_t length) {
    constexpr std::string_view function = "content begin()";
    const auto refusal = stage_.take_refusal(function::content_begin);
    if (has_begun_) {
        return breach(function, "the response was begun before", MORTISE_E_STATE);
    }
    std::string rule = rule_broken_by(head, length);
    if (rule.empty() && (head->content.size != 0 || head->release != nullptr)) {
        rule = "the head has content";
    } else if (rule.empty() && length < MORTISE_LENGTH_UNKNOWN) {
        rule = "the length is below 0";
    }
    if (!rule.empty() || refusal == MORTISE_E_INVALID) {
        return rule.empty() ? MORTISE_E_INVALID : breach(function, rule, MORTISE_E_INVALID);
    }
    has_begun_ = true;
    length_ = length;
    if (!is_open() || refusal == MORTISE_E_CANCELLED) {
        return MORTISE_E_CANCELLED;
    }
    begin_response(head->status, copy_fields(*head), length);
    if (has_half_closed_) {
        stage_.loop.post([self = shared_from_this()] { self->client_half_closes(); });
    }
    return MORTISE_OK;
}

inline std::int32_t exchange::write(mortise_view piece, mortise_operation* operation) {
    constexpr std::string_view function = "content write()";
    if (!has_begun_ || write_.operation != nullptr) {
        return breach(function, has_begun_ ? "another write is pending" : "called before begin()",
                      MORTISE_E_STATE);
    }
    if (const auto code = operations_.judge(operation, called(function)); code != MORTISE_OK) {
        return code;
    }
    if (!is_sound(piece) || piece.size > most_to_write()) {
        return breach(function, "the piece is null, or longer than the length that begin() told",
                      MORTISE_E_INVALID);
    }
    if (const auto refusal = stage_.take_refusal(function::content_write)) {
        return *refusal;
    }
    if (!is_open() || !response_.has_head) {
        return MORTISE_E_CANCELLED;
    }
    written_ += piece.size;
    write_ = {operation, from_abi(piece)};
    write_.rest.remove_prefix(response_.take(write_.rest));
    if (write_.rest.empty() && stage_.options.completes_at_once) {
        write_ = {};
        return MORTISE_OK;
    }
    start_late(
        *operation, function,
        [this] {
            response_.break_off();
            operations_.finish(*write_.operation, MORTISE_E_CANCELLED);
        },
        [this] { write_ = {}; });
    continue_writing();
    return MORTISE_PENDING;
}

// Whether the response may end now.
inline std::int32_t exchange::judge_end(std::string_view function) {
    if (!has_begun_) {
        return breach(function, "called before begin()", MORTISE_E_STATE);
    }
    if (read_.operation != nullptr || write_.operation != nullptr) {
        return breach(function, "an operation of the exchange is pending", MORTISE_E_STATE);
    }
    return MORTISE_OK;
}

inline std::int32_t exchange::end() {
    constexpr std::string_view function = "content end()";
    if (const auto code = judge_end(function); code != MORTISE_OK) {
        return code;
    }
    const bool reaches = is_open() && response_.has_head;
    if (reaches && length_ >= 0 && written_ != static_cast<std::uint64_t>(length_)) {
        response_.break_off();
        finish();
        return breach(function, "less was written than the length that begin() told",
                      MORTISE_E_INVALID);
    }
    if (reaches) {
        response_.end();
    }
    finish();
    return reaches ? MORTISE_OK : MORTISE_E_CANCELLED;
}

inline std::int32_t exchange::break_off() {
    if (const auto code = judge_end("content break_off()"); code != MORTISE_OK) {
        return code;
    }
    response_.break_off();
    finish();
    return MORTISE_OK;
}

} // namespace detail
} // namespace testing
} // namespace sdk_v0
} // namespace mortise
