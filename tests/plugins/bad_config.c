/* SPDX-License-Identifier: BSL-1.0
 * Cannot do with the configuration that it is given.
 */
#include "plain.h"

static int32_t create(const mortise_host* given, mortise_instance* instance, void** state) {
    mortise_view value;
    plain_create(given, instance, state);
    if (plain_config("limit", &value) != MORTISE_OK || value.size != 1) {
        given->explain(instance, plain_view("limit is not a digit"));
        return MORTISE_E_FAILED;
    }
    return MORTISE_OK;
}

static int32_t configure(void* state) {
    (void)state;
    return MORTISE_OK;
}

PLAIN_PLUGIN("bad-config", create, configure);
