// SPDX-License-Identifier: BSL-1.0
// Does not compile: the work stays where it is until the line resumes.
#include <mortise/sdk.hpp>

#include <string>
#include <utility>

mortise::task<mortise::response> handle(mortise::exchange& exchange) {
    const std::string name{exchange.request().param("name")};
    auto work = [name] { return name.size(); };
    co_return mortise::text(co_await mortise::offload(std::move(work)));
}
