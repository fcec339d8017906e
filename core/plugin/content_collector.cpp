// SPDX-License-Identifier: BSL-1.0
// Content read piece by piece into room that doubles.
#include "plugin/content_collector.hpp"

#include "http/problem.hpp"
#include "plugin/handler.hpp"
#include "plugin/instance.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <type_traits>

namespace mortise::plugin {

void content_collector::collect(http::exchange& exchange, handler& route) {
    static_assert(std::is_trivially_destructible_v<content_collector>);
    if (const auto limit = route.route().content_limit; limit != 0) {
        exchange.limit_content(limit);
    }
    if (exchange.request().framing == http::content_framing::none) {
        route.call(exchange, {});
        return;
    }
    content_collector* collector = nullptr;
    try {
        void* const place =
            exchange.memory().allocate(sizeof(content_collector), alignof(content_collector));
        collector = new (place) content_collector{exchange, route};
        route.owner().pin();
        if (collector->read_on()) {
            exchange.keep_request();
        }
    } catch (const std::bad_alloc&) {
        collector != nullptr ? collector->fail(no_memory) : http::respond_with(exchange, no_memory);
    }
}

bool content_collector::read_on() {
    for (;;) {
        make_room();
        const auto progress = exchange_.read_content(room_.subspan(size_), *this);
        switch (progress.now) {
        case http::read_progress::state::pending:
            return true;
        case http::read_progress::state::failed:
            fail(progress.why);
            return false;
        case http::read_progress::state::done:
            if (take(progress.size)) {
                finish();
                return false;
            }
        }
    }
}

void content_collector::complete(std::size_t size) {
    if (take(size)) {
        return finish();
    }
    try {
        read_on();
    } catch (const std::bad_alloc&) {
        fail(no_memory);
    }
}

void content_collector::fail(const http::problem& why) {
    route_.owner().unpin();
    http::respond_with(exchange_, why);
}

bool content_collector::take(std::size_t size) {
    size_ += size;
    const http::request& request = exchange_.request();
    return size == 0 ||
           (request.framing == http::content_framing::length && size_ == request.content_length);
}

void content_collector::make_room() {
    if (size_ < room_.size()) {
        return;
    }
    std::size_t more = std::max(first_room, 2 * room_.size());
    if (const http::request& request = exchange_.request();
        request.framing == http::content_framing::length && request.content_length != 0) {
        more = static_cast<std::size_t>(std::min<std::uint64_t>(more, request.content_length));
    }
    const auto larger = exchange_.memory().array<char>(more);
    std::copy_n(room_.data(), size_, larger.data());
    room_ = larger;
}

void content_collector::finish() {
    route_.owner().unpin();
    route_.call(exchange_, {room_.data(), size_});
}

} // namespace mortise::plugin
