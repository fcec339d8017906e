// SPDX-License-Identifier: BSL-1.0
// From a response to the border's reply.
#pragma once

#include <mortise/abi/host.h>
#include <mortise/sdk/detail/services.hpp>
#include <mortise/sdk/detail/view.hpp>
#include <mortise/sdk/response.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

namespace mortise {
inline namespace sdk_v0 {
namespace detail {

// Longer content is lent to the host; below this a copy is cheaper than the bookkeeping.
inline constexpr std::size_t lend_above = 16 * 1024; // bytes

// Makes the reply lend the content of `answer`, which gives it up. Last before reply(): should a
// step between the two throw, nobody would own the content.
[[gnu::cold]] inline void lend_content(mortise_reply& reply, response& answer) {
    auto owned = std::make_unique<std::string>(answer.release_content());
    reply.content = to_abi(*owned);
    reply.release = [](void* lent) noexcept { delete static_cast<std::string*>(lent); };
    reply.release_argument = owned.release();
}

// Writes views of the answer's field lines.
inline void view_fields(const response& answer, mortise_field* into) noexcept {
    if (!answer.media_type().empty()) {
        *into++ = {to_abi("Content-Type"), to_abi(answer.media_type())};
    }
    answer.fields().view(into);
}

inline std::size_t count_fields(const response& answer) noexcept {
    return answer.fields().count() + (answer.media_type().empty() ? 0 : 1);
}

[[gnu::always_inline]] inline void reply_with(const mortise_host& host, mortise_exchange exchange,
                                              response& answer, mortise_field* fields,
                                              std::size_t count) {
    view_fields(answer, fields);
    mortise_reply reply{.size = sizeof reply,
                        .status = answer.status(),
                        .field_count = static_cast<std::uint32_t>(count),
                        .reserved = 0,
                        .fields = fields,
                        .content = to_abi(answer.content()),
                        .release = nullptr,
                        .release_argument = nullptr};
    if (reply.content.size > lend_above) [[unlikely]] {
        lend_content(reply, answer);
    }
    host.reply(exchange, &reply);
}

[[gnu::cold]] inline void send_many_fields(const mortise_host& host, mortise_exchange exchange,
                                           response& answer, std::size_t count) {
    std::vector<mortise_field> fields(count);
    reply_with(host, exchange, answer, fields.data(), count);
}

// Lends the host the file of `answer`, which gives it up.
[[gnu::cold]] inline void send_file(const services& services, mortise_exchange exchange,
                                    response& answer) {
    const auto& table = needed(services, services.file, MORTISE_FILE_EXTENSION);
    std::vector<mortise_field> fields(count_fields(answer));
    view_fields(answer, fields.data());
    const file& content = *answer.file();
    const mortise_file_range range{.size = sizeof range,
                                   .descriptor = content.descriptor(),
                                   .offset = content.offset(),
                                   .length = content.length()};
    using owner = std::shared_ptr<const file>;
    auto owned = std::make_unique<owner>(answer.release_file());
    const mortise_reply head{
        .size = sizeof head,
        .status = answer.status(),
        .field_count = static_cast<std::uint32_t>(fields.size()),
        .reserved = 0,
        .fields = fields.data(),
        .content = {},
        .release = [](void* lent) noexcept { delete static_cast<owner*>(lent); },
        .release_argument = owned.release()};
    table.reply(exchange, &head, &range);
}

// Answers the exchange. `answer` is used up. Where reply() refuses, the host has answered in its
// own words and has logged why: so its result changes nothing here.
[[gnu::always_inline]] inline void send(const services& services, mortise_exchange exchange,
                                        response& answer) {
    if (answer.file() != nullptr) [[unlikely]] {
        return send_file(services, exchange, answer);
    }
    const mortise_host& host = services.host;
    mortise_field few[8];
    const std::size_t count = count_fields(answer);
    if (count <= std::size(few)) [[likely]] {
        reply_with(host, exchange, answer, few, count);
    } else {
        send_many_fields(host, exchange, answer, count);
    }
}

} // namespace detail
} // namespace sdk_v0
} // namespace mortise
