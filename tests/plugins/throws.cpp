// SPDX-License-Identifier: BSL-1.0
// Lets a standard exception out of a handler.
#include "plain.h"

#include <stdexcept>

static int32_t handle(void*, mortise_exchange, const mortise_request*) {
    throw std::runtime_error{"the price is negative"};
}

PLAIN_HANDLER("throws", 0, handle);
