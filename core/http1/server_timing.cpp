// SPDX-License-Identifier: BSL-1.0
// Putting one more field behind a handler's.
#include "http1/server_timing.hpp"

#include "base/pen.hpp"
#include "http/exchange.hpp"

#include <algorithm>
#include <new>
#include <type_traits>

namespace mortise::http1 {

static_assert(std::is_trivially_destructible_v<server_timing>); // the memory just goes

void server_timing::add_to(http::exchange& exchange, base::exact_instant begun) noexcept {
    try {
        void* const place =
            exchange.memory().allocate(sizeof(server_timing), alignof(server_timing));
        exchange.add_response_filter(*new (place) server_timing{begun});
    } catch (const std::bad_alloc&) {
    }
}

void server_timing::on_response(http::exchange& exchange, http::response& head,
                                std::optional<std::uint64_t> /*length*/) noexcept {
    const auto time = static_cast<std::uint64_t>((base::exact_now() - begun_).count()) / 1000;
    try {
        const auto room = exchange.memory().array<char>(64);
        base::pen value{room.data()};
        value << "handler;dur=" << time / 1000 << '.';
        for (unsigned place = 100; place != 0; place /= 10) {
            value << static_cast<char>('0' + time / place % 10);
        }
        const auto fields = exchange.memory().array<http::field>(head.fields.size() + 1);
        std::ranges::copy(head.fields, fields.begin());
        fields.back() = {"Server-Timing",
                         {room.data(), static_cast<std::size_t>(value.at() - room.data())}};
        head.fields = fields;
    } catch (const std::bad_alloc&) { // the response as it is
    }
}

} // namespace mortise::http1
