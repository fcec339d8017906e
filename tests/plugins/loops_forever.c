/* SPDX-License-Identifier: BSL-1.0
 * Never comes back from its handler; with the query "replied" the client has its answer before.
 */
#include "plain.h"

static int32_t handle(void* user, mortise_exchange exchange, const mortise_request* request) {
    volatile int goes_on = 1;
    (void)user;
    if (request->query.size != 0) {
        plain_reply(exchange, "replied");
    }
    while (goes_on) {
    }
    return MORTISE_DECLINED;
}

PLAIN_HANDLER("loops-forever", 0, handle);
