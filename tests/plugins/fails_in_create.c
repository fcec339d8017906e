/* SPDX-License-Identifier: BSL-1.0
 * Fails in create, and says why.
 */
#include "plain.h"

static int32_t create(const mortise_host* given, mortise_instance* instance, void** state) {
    plain_create(given, instance, state);
    host->explain(self, plain_view("first words"));
    host->explain(self, plain_view("\"limit\" must be a number\nbut is not"));
    return MORTISE_E_FAILED;
}

static int32_t configure(void* state) {
    (void)state;
    return MORTISE_OK;
}

PLAIN_PLUGIN("fails-in-create", create, configure);
