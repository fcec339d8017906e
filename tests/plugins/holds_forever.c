/* SPDX-License-Identifier: BSL-1.0
 * Holds itself at the first request, and never lets go.
 */
#include "plain.h"

#include <mortise/abi/ext/hold.h>

static int32_t handle(void* user, mortise_exchange exchange, const mortise_request* request) {
    uint64_t number;
    (void)user;
    (void)request;
    ((const mortise_hold*)plain_extension(MORTISE_HOLD_EXTENSION))
        ->hold(self, plain_view("the index is being written"), &number);
    return plain_reply(exchange, "held");
}

PLAIN_HANDLER("holds-forever", 0, handle);
