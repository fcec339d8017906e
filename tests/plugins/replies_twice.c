/* SPDX-License-Identifier: BSL-1.0
 * Replies, and then replies again.
 */
#include "plain.h"

static int32_t handle(void* user, mortise_exchange exchange, const mortise_request* request) {
    (void)user;
    (void)request;
    plain_reply(exchange, "first");
    if (plain_reply(exchange, "second") != MORTISE_E_STATE) {
        plain_log(MORTISE_LOG_ERROR, plain_view("the second reply was not refused"));
    }
    return MORTISE_REPLIED;
}

PLAIN_HANDLER("replies-twice", 0, handle);
