/* SPDX-License-Identifier: BSL-1.0
 * Waits on a route that may not.
 */
#include "plain.h"

static int32_t handle(void* user, mortise_exchange exchange, const mortise_request* request) {
    (void)user;
    (void)request;
    (void)exchange;
    return MORTISE_PENDING;
}

PLAIN_HANDLER("waits-unasked", 0, handle);
