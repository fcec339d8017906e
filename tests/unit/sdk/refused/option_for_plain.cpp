// SPDX-License-Identifier: BSL-1.0
// Does not compile: a handler that answers at once has no client that could leave meanwhile.
#include <mortise/sdk.hpp>

void register_routes(mortise::routes& on) {
    on.get("/", mortise::keeps_on, [](const mortise::request&) { return mortise::text("\n"); });
}
