/* SPDX-License-Identifier: BSL-1.0
 * Cannot go on without an extension that this host does not have.
 */
#include "plain.h"

#include <stdio.h>

static int32_t create(const mortise_host* given, mortise_instance* instance, void** state) {
    char text[128];
    plain_create(given, instance, state);
    if (plain_extension("mortise.future/1") == NULL) {
        snprintf(text, sizeof text,
                 "needs mortise.future/1 of ABI 0.99; this host speaks ABI %u.%u",
                 (unsigned)(host->abi_version >> 16), (unsigned)(host->abi_version & 0xffff));
        host->explain(self, plain_view(text));
        return MORTISE_E_FAILED;
    }
    return MORTISE_OK;
}

static int32_t configure(void* state) {
    (void)state;
    return MORTISE_OK;
}

PLAIN_PLUGIN("needs-newer", create, configure);
