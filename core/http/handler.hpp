// SPDX-License-Identifier: BSL-1.0
// What answers exchanges: a router, a filter, a plugin's route.
#pragma once

namespace mortise::http {

class exchange;

// Thread: handle() is called on the exchange's loop; one handler may serve several loops at once.
class handler {
public:
    handler(const handler&) = delete;
    handler& operator=(const handler&) = delete;

    // Answers before it returns, or keeps the exchange and answers later (exchange.hpp says
    // what that asks for). Does not throw.
    virtual void handle(exchange& exchange) noexcept = 0;

protected:
    handler() = default;
    ~handler() = default;
};

} // namespace mortise::http
