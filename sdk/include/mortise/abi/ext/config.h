/* SPDX-License-Identifier: BSL-1.0
 * Extension "mortise.config/1": what the operator configured for this plugin.
 */
#ifndef MORTISE_ABI_EXT_CONFIG_H
#define MORTISE_ABI_EXT_CONFIG_H

#include "../types.h"

#define MORTISE_CONFIG_EXTENSION "mortise.config/1"

typedef struct mortise_config {
    uint32_t size;
    uint32_t reserved;

    /* The value of a key; MORTISE_E_INVALID if it is not there. [control] during create and
     * configure, else MORTISE_E_STATE. The view is valid for the life of the instance. A key that
     * was configured and that nobody asks for is reported as a likely misspelling. */
    int32_t (*find)(mortise_instance* instance, mortise_view key, mortise_view* value);
} mortise_config;

#endif
