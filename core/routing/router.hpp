// SPDX-License-Identifier: BSL-1.0
// The handler of all exchanges: finds the route, or answers that there is none.
#pragma once

#include "http/handler.hpp"
#include "routing/route_table.hpp"

namespace mortise::routing {

// Thread: any loop; it changes nothing of its own.
class router final : public http::handler {
public:
    explicit router(route_table table) noexcept : table_{std::move(table)} {}

    // Sets the exchange's route and parameters and hands it to the route's handler. Else: 404; 405
    // with Allow; OPTIONS and OPTIONS * with Allow, unless a route takes OPTIONS itself.
    void handle(http::exchange& exchange) noexcept override;

private:
    void route(http::exchange& exchange) const;
    void refuse(http::exchange& exchange, const route_table::match& match) const;

    route_table table_;
};

} // namespace mortise::routing
