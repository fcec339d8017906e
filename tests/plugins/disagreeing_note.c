/* SPDX-License-Identifier: BSL-1.0
 * Its note and its object name different versions.
 */
#include "plain.h"

static int32_t configure(void* state) {
    (void)state;
    return MORTISE_OK;
}

MORTISE_NOTE("disagreeing-note", "2.0.0");
MORTISE_EXPORT const struct mortise_plugin mortise_plugin = {
    .size = sizeof(struct mortise_plugin),
    .abi_version = MORTISE_ABI_VERSION,
    .id = "disagreeing-note",
    .version = "1.0.0",
    .create = plain_create,
    .configure = configure,
};
