/* SPDX-License-Identifier: BSL-1.0
 * Has a thread-local of the initial-exec model: the process runs out of room for these.
 */
#include "plain.h"

static __thread __attribute__((tls_model("initial-exec"))) int calls;

static int32_t handle(void* user, mortise_exchange exchange, const mortise_request* request) {
    (void)user;
    (void)request;
    ++calls;
    return plain_reply(exchange, "counted");
}

PLAIN_HANDLER("static-tls", 0, handle);
