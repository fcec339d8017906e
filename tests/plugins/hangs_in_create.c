/* SPDX-License-Identifier: BSL-1.0
 * Never comes back from create.
 */
#include "plain.h"

#include <unistd.h>

static int32_t create(const mortise_host* given, mortise_instance* instance, void** state) {
    plain_create(given, instance, state);
    for (;;) {
        pause();
    }
    return MORTISE_OK;
}

static int32_t configure(void* state) {
    (void)state;
    return MORTISE_OK;
}

PLAIN_PLUGIN("hangs-in-create", create, configure);
