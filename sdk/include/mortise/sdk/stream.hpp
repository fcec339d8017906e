// SPDX-License-Identifier: BSL-1.0
// A response whose content is written piece by piece.
#pragma once

#include <mortise/sdk/detail/content_operations.hpp>
#include <mortise/sdk/detail/send.hpp>
#include <mortise/sdk/exchange.hpp>
#include <mortise/sdk/response.hpp>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace mortise {
inline namespace sdk_v0 {

// Begins the response of an exchange; its handler's task gives nothing, and its end is the end of
// the content. Where the handler throws instead, the response breaks off, so that the client can
// tell. A stream is a reference to its exchange, and as valid as that.
//
//     on.get("/numbers", [](mortise::exchange& exchange) -> mortise::task<> {
//         mortise::stream out{exchange, mortise::text()};
//         for (int number = 0; number != 1000; ++number) {
//             co_await out.write(std::to_string(number) + "\n");
//         }
//     });
class stream {
public:
    // Status and fields are those of `head`, whose content is empty. With `length` exactly so many
    // bytes must follow. Throws where the host refuses it, or the response has begun before.
    stream(mortise::exchange& exchange, const response& head,
           std::optional<std::uint64_t> length = std::nullopt)
        : exchange_{exchange} {
        if (!head.content().empty() || head.file() != nullptr) {
            throw std::invalid_argument{"the head of a stream has content"};
        }
        begin(head, length ? static_cast<std::int64_t>(*length) : MORTISE_LENGTH_UNKNOWN);
    }

    // Resumes when the host takes the next piece: soon, or once the client has read enough. The
    // piece stays as it is until then. One write at a time.
    detail::write_awaiter<std::string_view> write(std::string_view piece) noexcept {
        return {exchange_.number(), piece};
    }

    mortise::exchange& exchange() const noexcept { return exchange_; }

private:
    void begin(const response& head, std::int64_t length) {
        const auto& services = exchange_.services();
        const auto& content = detail::needed(services, services.content, MORTISE_CONTENT_EXTENSION);
        std::vector<mortise_field> fields(detail::count_fields(head));
        detail::view_fields(head, fields.data());
        mortise_reply reply{};
        reply.size = sizeof reply;
        reply.status = head.status();
        reply.field_count = static_cast<std::uint32_t>(fields.size());
        reply.fields = fields.data();
        const auto status = content.begin(exchange_.number(), &reply, length);
        if (status == MORTISE_OK || status == MORTISE_E_CANCELLED) {
            exchange_.set_streamed();
        }
        if (status != MORTISE_OK) {
            detail::throw_failure(status, "the beginning of a stream");
        }
    }

    mortise::exchange& exchange_;
};

} // namespace sdk_v0
} // namespace mortise
