/* SPDX-License-Identifier: BSL-1.0
 * Fails in configure without a word, and counts that destroy is called.
 */
#include "plain.h"

static int32_t configure(void* state) {
    (void)state;
    return MORTISE_E_MEMORY;
}

static void destroy(void* state) {
    (void)state;
    plain_log(MORTISE_LOG_INFO, plain_view("destroyed"));
}

MORTISE_NOTE("fails-in-configure", "1.0.0");
MORTISE_EXPORT const struct mortise_plugin mortise_plugin = {
    .size = sizeof(struct mortise_plugin),
    .abi_version = MORTISE_ABI_VERSION,
    .id = "fails-in-configure",
    .version = "1.0.0",
    .create = plain_create,
    .configure = configure,
    .destroy = destroy,
};
