// SPDX-License-Identifier: BSL-1.0
// Lets an exception out of a handler.
#include "plain.h"

static int32_t handle(void*, mortise_exchange, const mortise_request*) {
    throw 42;
}

PLAIN_HANDLER("throws-in-handle", 0, handle);
