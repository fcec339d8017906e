/* SPDX-License-Identifier: BSL-1.0
 * Exports an object that is smaller than the size it claims.
 */
#include "plain.h"

MORTISE_NOTE("small-object", "1.0.0");
MORTISE_EXPORT const
    uint32_t exported __asm__(MORTISE_PLUGIN_SYMBOL) = sizeof(struct mortise_plugin);
