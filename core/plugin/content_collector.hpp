// SPDX-License-Identifier: BSL-1.0
// Gathering a request's whole content for a handler that wants it in one piece.
#pragma once

#include "http/content.hpp"
#include "http/exchange.hpp"

#include <cstddef>
#include <span>

namespace mortise::plugin {

class handler;

// Lives in the exchange's memory, and so does what it gathers. Room is taken as content arrives,
// so that a client which only announces much is given little. [loop]
class content_collector final : public http::content_read {
public:
    // Reads all content and then calls `route`, now or when it has arrived; answers the exchange
    // itself where content does not come.
    static void collect(http::exchange& exchange, handler& route);

    void complete(std::size_t size) override;
    void fail(const http::problem& why) override;

private:
    static constexpr std::size_t first_room = 4096;

    content_collector(http::exchange& exchange, handler& route) noexcept
        : exchange_{exchange}, route_{route} {}

    // Reads until the end, or until something must be waited for (true).
    bool read_on();
    // Counts what a read brought; true at the end of the content.
    bool take(std::size_t size);
    void make_room();
    void finish();

    http::exchange& exchange_;
    handler& route_;
    std::span<char> room_;
    std::size_t size_ = 0;
};

} // namespace mortise::plugin
