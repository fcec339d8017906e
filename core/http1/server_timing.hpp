// SPDX-License-Identifier: BSL-1.0
// The Server-Timing field: how long a handler took.
#pragma once

#include "base/clock.hpp"
#include "http/response_filter.hpp"

namespace mortise::http {
class exchange;
}

namespace mortise::http1 {

// Adds "Server-Timing: handler;dur=1.234" (milliseconds; W3C Server Timing) to the response that a
// handler gives, whole or in pieces. Lives in its exchange's memory.
class server_timing final : public http::response_filter {
public:
    // Of the exchange, which began at `begun`. Where there is no memory for it, its response goes
    // without the field.
    static void add_to(http::exchange& exchange, base::exact_instant begun) noexcept;

    void on_response(http::exchange& exchange, http::response& head,
                     std::optional<std::uint64_t> length) noexcept override;
    void on_over() noexcept override {}

private:
    explicit server_timing(base::exact_instant begun) noexcept : begun_{begun} {}

    const base::exact_instant begun_;
};

} // namespace mortise::http1
