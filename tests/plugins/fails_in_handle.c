/* SPDX-License-Identifier: BSL-1.0
 * Fails in each request.
 */
#include "plain.h"

static int32_t handle(void* user, mortise_exchange exchange, const mortise_request* request) {
    (void)user;
    (void)request;
    (void)exchange;
    return MORTISE_E_FAILED;
}

PLAIN_HANDLER("fails-in-handle", 0, handle);
