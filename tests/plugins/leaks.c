/* SPDX-License-Identifier: BSL-1.0
 * Loses memory at each request.
 */
#include "plain.h"

#include <stdlib.h>

static _Atomic(void*) last; /* on any loop */

static int32_t handle(void* user, mortise_exchange exchange, const mortise_request* request) {
    (void)user;
    (void)request;
    last = malloc(1024);
    return plain_reply(exchange, last != NULL ? "lost" : "nothing left");
}

PLAIN_HANDLER("leaks", 0, handle);
