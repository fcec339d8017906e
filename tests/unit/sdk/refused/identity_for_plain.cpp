// SPDX-License-Identifier: BSL-1.0
// Does not compile: a handler that runs on its loop asks the request itself.
#include <mortise/sdk.hpp>

void register_routes(mortise::routes& on) {
    on.get("/", [](const mortise::request&, const mortise::identity& who) {
        return mortise::text(who.request_id(), "\n");
    });
}
