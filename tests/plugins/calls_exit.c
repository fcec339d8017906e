/* SPDX-License-Identifier: BSL-1.0
 * Ends the process by exit(), as if all were well; in create where "early" is configured.
 */
#include "plain.h"

#include <stdlib.h>

static int32_t create(const mortise_host* given, mortise_instance* instance, void** state) {
    mortise_view value;
    plain_create(given, instance, state);
    if (plain_config("early", &value) == MORTISE_OK) {
        exit(0);
    }
    return MORTISE_OK;
}

static int32_t handle(void* user, mortise_exchange exchange, const mortise_request* request) {
    (void)user;
    (void)exchange;
    (void)request;
    exit(0);
}

static int32_t configure(void* state) {
    (void)state;
    return plain_route("GET", "/fault", 0, handle);
}

PLAIN_PLUGIN("calls-exit", create, configure);
