/* SPDX-License-Identifier: BSL-1.0
 * Says that it will reply, and never does.
 */
#include "plain.h"

static int32_t handle(void* user, mortise_exchange exchange, const mortise_request* request) {
    (void)user;
    (void)request;
    (void)exchange;
    return MORTISE_PENDING;
}

PLAIN_HANDLER("never-replies", MORTISE_ROUTE_MAY_WAIT, handle);
