// SPDX-License-Identifier: BSL-1.0
// Does not compile: a coroutine runs on its loop, where it may not block.
#include <mortise/sdk.hpp>

void register_routes(mortise::routes& on) {
    on.get("/", mortise::blocking, [](mortise::exchange&) -> mortise::task<mortise::response> {
        co_return mortise::text("\n");
    });
}
