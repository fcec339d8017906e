// SPDX-License-Identifier: BSL-1.0
// From a response to the border's reply.
#pragma once

#include <mortise/abi/host.h>
#include <mortise/sdk/detail/view.hpp>
#include <mortise/sdk/response.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace mortise {
inline namespace sdk_v0 {
namespace detail {

// Longer content is lent to the host; below this a copy is cheaper than the bookkeeping.
inline constexpr std::size_t lend_above = 16 * 1024; // bytes

// Makes the reply lend the content of `answer`, which gives it up. Owned by the reply from here
// on: no other step that may throw may follow before reply() is called.
inline void lend_content(mortise_reply& reply, response& answer) {
    auto owned = std::make_unique<std::string>(answer.release_content());
    reply.content = to_abi(*owned);
    reply.release = [](void* lent) noexcept { delete static_cast<std::string*>(lent); };
    reply.release_argument = owned.release();
}

// Where reply() refuses, the host has answered in its own words and has logged why: so its result
// changes nothing here.
inline void call_reply(const mortise_host& host, mortise_exchange exchange, response& answer,
                       const mortise_field* fields) {
    mortise_reply reply{};
    reply.size = sizeof reply;
    reply.status = answer.status();
    reply.field_count = answer.fields().count();
    reply.fields = fields;
    if (answer.has_long_content() && answer.content().size() > lend_above) {
        lend_content(reply, answer);
    } else {
        reply.content = to_abi(answer.content());
    }
    host.reply(exchange, &reply);
}

// Answers the exchange. `answer` is used up.
inline void send(const mortise_host& host, mortise_exchange exchange, response& answer) {
    constexpr std::size_t few = 8;
    if (answer.fields().count() <= few) {
        mortise_field fields[few];
        answer.fields().view(fields);
        call_reply(host, exchange, answer, fields);
    } else {
        std::vector<mortise_field> fields(answer.fields().count());
        answer.fields().view(fields.data());
        call_reply(host, exchange, answer, fields.data());
    }
}

} // namespace detail
} // namespace sdk_v0
} // namespace mortise
