/* SPDX-License-Identifier: BSL-1.0
 * Replies twice once the host has given up on the exchange: the first one is owed.
 */
#include "plain.h"

#include <stdio.h>

static void reply_twice(void* user) {
    const mortise_exchange exchange = (mortise_exchange)(uintptr_t)user;
    const int32_t first = plain_reply(exchange, "owed");
    const int32_t second = plain_reply(exchange, "one too many");
    char text[80];
    snprintf(text, sizeof text, "the replies returned %d and %d", (int)first, (int)second);
    plain_log(MORTISE_LOG_INFO, plain_view(text));
}

static int32_t handle(void* user, mortise_exchange exchange, const mortise_request* request) {
    (void)user;
    (void)request;
    host->on_cancel(exchange, reply_twice, (void*)(uintptr_t)exchange);
    plain_log(MORTISE_LOG_INFO, plain_view("waiting"));
    return MORTISE_PENDING;
}

PLAIN_HANDLER("replies-after-cancel", MORTISE_ROUTE_MAY_WAIT, handle);
