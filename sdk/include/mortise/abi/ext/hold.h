/* SPDX-License-Identifier: BSL-1.0
 * Extension "mortise.hold/1": a named reason for which a plugin may not be taken down yet.
 */
#ifndef MORTISE_ABI_EXT_HOLD_H
#define MORTISE_ABI_EXT_HOLD_H

#include "../types.h"

#define MORTISE_HOLD_EXTENSION "mortise.hold/1"

/* For what the host cannot see, such as a thread of the plugin that still works for it: requests
 * and operations hold their plugin by themselves. Between quiesce and loop_stop the host waits for
 * holds as long as it does for operations; a plugin that is held for longer is not unmapped, and
 * stands in the log with the reason. */
typedef struct mortise_hold {
    uint32_t size;
    uint32_t reserved;

    /* [any] From create until loop_stop. `reason` says what is going on, "the index is being
     * written"; it is copied, and cut at 256 bytes. MORTISE_OK: *hold is a number for release().
     * _E_INVALID: `reason` or `hold` is null or the reason is empty; _E_CLOSED: the plugin is being
     * taken down already; _E_MEMORY. Take a hold while something else holds the plugin: a thread
     * that nothing waits for comes too late. */
    int32_t (*hold)(mortise_instance* instance, mortise_view reason, uint64_t* hold);

    /* [any] Ends a hold; the thread that held returns from the plugin's code soon after.
     * MORTISE_OK; _E_STATE: it was released before, or never was. */
    int32_t (*release)(mortise_instance* instance, uint64_t hold);
} mortise_hold;

#endif
