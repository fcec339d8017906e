// SPDX-License-Identifier: BSL-1.0
// The plugin's part of an exchange: what the border's functions do with it.
#pragma once

#include <mortise/testing/detail/exchange.hpp>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {
namespace detail {

inline void exchange::release_now(const mortise_reply* given) const {
    if (given != nullptr && given->size >= sizeof *given && given->release != nullptr) {
        stage_.enter(part::loop, called("release"),
                     [&] { given->release(given->release_argument); });
    }
}

inline void exchange::lend(const mortise_reply& given) {
    if (given.release == nullptr) {
        return;
    }
    if (memory_.has(given.content.data) || request_.memory().has(given.content.data)) {
        breach("reply()", "lends memory of the exchange, which goes before the content is sent", 0);
    } else {
        lent_.bytes = from_abi(given.content);
    }
    lent_.release = given.release;
    lent_.argument = given.release_argument;
}

inline std::int32_t exchange::tell_identity(mortise_identity* into) {
    const std::string rule = known_as_.write(into, request_.memory());
    return rule.empty() ? MORTISE_OK : breach("identity of_exchange()", rule, MORTISE_E_INVALID);
}

inline std::int32_t exchange::reply(const mortise_reply* given) {
    if (has_begun_) {
        release_now(given);
        return breach("reply()", "the response was begun by begin(), and ends by end()",
                      MORTISE_E_STATE);
    }
    const auto refusal = stage_.take_refusal(function::reply);
    if (refusal && *refusal != MORTISE_E_INVALID && *refusal != MORTISE_E_CANCELLED) {
        release_now(given);
        return *refusal;
    }
    const std::string rule = rule_broken_by(
        given, given != nullptr ? static_cast<std::int64_t>(given->content.size) : 0);
    if (!rule.empty() || refusal == MORTISE_E_INVALID) {
        release_now(given);
        answer_instead(500, "Internal Server Error");
        finish();
        return rule.empty() ? MORTISE_E_INVALID : breach("reply()", rule, MORTISE_E_INVALID);
    }
    lend(*given);
    return answer(*given, copy(given->content), refusal == MORTISE_E_CANCELLED);
}

// The reply is right; what it lends is in lent_.
inline std::int32_t exchange::answer(const mortise_reply& given, std::string content,
                                     bool is_late) {
    if (!is_open() || is_late) {
        lent_.bytes = {};
        release_lent();
        finish();
        return MORTISE_E_CANCELLED;
    }
    begin_response(given.status, copy_fields(given), static_cast<std::int64_t>(content.size()));
    unsent_ = std::move(content);
    finish();
    send_content();
    return MORTISE_OK;
}

inline void* exchange::allocate(std::size_t size, std::size_t alignment) {
    if (stage_.take_refusal(function::allocate)) {
        return nullptr;
    }
    void* const made = memory_.allocate(size, alignment);
    if (made == nullptr) {
        breach("allocate()", "the alignment is no power of two", 0);
    }
    return made;
}

inline std::int32_t exchange::on_cancel(void (*call)(void*), void* user) {
    if (const auto refusal = stage_.take_refusal(function::on_cancel)) {
        return *refusal;
    }
    if (is_given_up_) {
        return MORTISE_E_CANCELLED;
    }
    cancel_call_ = call;
    cancel_user_ = user;
    return MORTISE_OK;
}

} // namespace detail
} // namespace testing
} // namespace sdk_v0
} // namespace mortise
