/* SPDX-License-Identifier: BSL-1.0
 * Exports the object, but has no note.
 */
#include "plain.h"

MORTISE_EXPORT const struct mortise_plugin mortise_plugin = {
    .size = sizeof(struct mortise_plugin),
    .abi_version = MORTISE_ABI_VERSION,
    .id = "missing-note",
    .version = "1.0.0",
    .create = plain_create,
};
