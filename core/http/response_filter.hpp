// SPDX-License-Identifier: BSL-1.0
// What sees a response before it is written.
#pragma once

#include <cstdint>
#include <optional>

namespace mortise::http {

class exchange;
struct response;

// Lives as long as the exchange that it was added to. Thread: the exchange's loop.
class response_filter {
public:
    response_filter(const response_filter&) = delete;
    response_filter& operator=(const response_filter&) = delete;

    // May change the status and the fields of `head`; new texts come from the exchange's memory, or
    // live as long. Content, release and file stay. `length` is the content's, where it is known.
    // Does not throw.
    virtual void on_response(exchange& exchange, response& head,
                             std::optional<std::uint64_t> length) noexcept = 0;

    // The exchange is over, or answered otherwise: nothing is to be seen any more. Does not throw.
    virtual void on_over() noexcept = 0;

protected:
    response_filter() = default;
    ~response_filter() = default;

private:
    friend class exchange;
    response_filter* next_ = nullptr; // that sees the response after this one
};

} // namespace mortise::http
