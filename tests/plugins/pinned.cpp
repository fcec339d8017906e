// SPDX-License-Identifier: BSL-1.0
// Is never unmapped: a thread_local with a destructor was touched on a thread that lives on.
#include "plain.h"

struct pin {
    int touched = 0;
    ~pin() { touched = -1; }
};
static thread_local pin held;

static int32_t handle(void*, mortise_exchange exchange, const mortise_request*) {
    ++held.touched;
    return plain_reply(exchange, "pinned");
}

PLAIN_HANDLER("pinned", 0, handle);
