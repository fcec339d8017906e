/* SPDX-License-Identifier: BSL-1.0
 * Never comes back from its handler.
 */
#include "plain.h"

static int32_t handle(void* user, mortise_exchange exchange, const mortise_request* request) {
    volatile int goes_on = 1;
    (void)user;
    (void)exchange;
    (void)request;
    while (goes_on) {
    }
    return MORTISE_DECLINED;
}

PLAIN_HANDLER("loops-forever", 0, handle);
