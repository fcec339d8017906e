/* SPDX-License-Identifier: BSL-1.0
 * Says that it replied, but did not.
 */
#include "plain.h"

static int32_t handle(void* user, mortise_exchange exchange, const mortise_request* request) {
    (void)user;
    (void)request;
    (void)exchange;
    return MORTISE_REPLIED;
}

PLAIN_HANDLER("replies-nothing", 0, handle);
