/* SPDX-License-Identifier: BSL-1.0
 * Registers the route that each of its builds registers; ID tells them apart.
 */
#include "plain.h"

static int32_t handle(void* user, mortise_exchange exchange, const mortise_request* request) {
    (void)user;
    (void)request;
    return plain_reply(exchange, ID);
}

static int32_t configure(void* state) {
    (void)state;
    return plain_route("GET", "/taken/{name}", 0, handle);
}

PLAIN_PLUGIN(ID, plain_create, configure);
