// SPDX-License-Identifier: BSL-1.0
// Does not compile: g++ 11 and 12 would destroy the lambda twice.
#include <mortise/sdk.hpp>

#include <string>

mortise::task<mortise::response> handle(mortise::exchange& exchange) {
    const std::string name{exchange.request().param("name")};
    co_return mortise::text(co_await mortise::offload([name] { return name.size(); }));
}
