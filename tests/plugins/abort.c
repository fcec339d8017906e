/* SPDX-License-Identifier: BSL-1.0
 * Ends the process by abort().
 */
#include "plain.h"

#include <stdlib.h>

static int32_t handle(void* user, mortise_exchange exchange, const mortise_request* request) {
    (void)user;
    (void)exchange;
    (void)request;
    abort();
}

PLAIN_HANDLER("abort", 0, handle);
