/* SPDX-License-Identifier: BSL-1.0
 * Registers a route that breaks the rules, and hides that it was refused.
 */
#include "plain.h"

static int32_t configure(void* state) {
    (void)state;
    (void)plain_route("GET", "no-slash", 0, NULL);
    return MORTISE_OK;
}

PLAIN_PLUGIN("refused-route", plain_create, configure);
