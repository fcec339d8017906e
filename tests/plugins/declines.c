/* SPDX-License-Identifier: BSL-1.0
 * Declines each request.
 */
#include "plain.h"

static int32_t handle(void* user, mortise_exchange exchange, const mortise_request* request) {
    (void)user;
    (void)request;
    (void)exchange;
    return MORTISE_DECLINED;
}

PLAIN_HANDLER("declines", 0, handle);
