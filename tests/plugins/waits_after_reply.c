/* SPDX-License-Identifier: BSL-1.0
 * Says that it waits after it had replied.
 */
#include "plain.h"

static int32_t handle(void* user, mortise_exchange exchange, const mortise_request* request) {
    (void)user;
    (void)request;
    plain_reply(exchange, "already");
    return MORTISE_PENDING;
}

PLAIN_HANDLER("waits-after-reply", MORTISE_ROUTE_MAY_WAIT, handle);
