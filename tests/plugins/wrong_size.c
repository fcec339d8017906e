/* SPDX-License-Identifier: BSL-1.0
 * Exports an object whose size is too small.
 */
#include "plain.h"

MORTISE_NOTE("wrong-size", "1.0.0");
MORTISE_EXPORT const struct mortise_plugin mortise_plugin = {
    .size = 16,
    .abi_version = MORTISE_ABI_VERSION,
    .id = "wrong-size",
    .version = "1.0.0",
    .create = plain_create,
};
