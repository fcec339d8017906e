// SPDX-License-Identifier: BSL-1.0
// Crashes while it is mapped, before anything of it is called.
#include "plain.h"

static int32_t handle(void*, mortise_exchange exchange, const mortise_request*) {
    return plain_reply(exchange, "never");
}

static const int first = [] {
    int* volatile nowhere = reinterpret_cast<int*>(16);
    return *nowhere;
}();

static int32_t configure(void*) {
    return plain_route("GET", first != 0 ? "/fault" : "/none", 0, handle);
}

PLAIN_PLUGIN("crashing-static-ctor", plain_create, configure);
