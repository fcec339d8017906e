/* SPDX-License-Identifier: BSL-1.0
 * Returns a result that means nothing.
 */
#include "plain.h"

static int32_t handle(void* user, mortise_exchange exchange, const mortise_request* request) {
    (void)user;
    (void)request;
    (void)exchange;
    return 77;
}

PLAIN_HANDLER("unknown-result", 0, handle);
