/* SPDX-License-Identifier: BSL-1.0
 * Extension "mortise.loop/1": the one way from other threads to an event loop.
 */
#ifndef MORTISE_ABI_EXT_LOOP_H
#define MORTISE_ABI_EXT_LOOP_H

#include "../types.h"

#define MORTISE_LOOP_EXTENSION "mortise.loop/1"

typedef struct mortise_loop_calls {
    uint32_t size;
    uint32_t reserved;

    /* Runs call(argument) on `loop`, soon, from its event loop, in the order of the posts; this
     * wakes the loop where it sleeps. [any] MORTISE_OK; _E_CLOSED or _E_MEMORY: then call will
     * never run. `loop` is valid until its loop_stop returns. What was posted runs before that. */
    int32_t (*post)(mortise_loop* loop, void (*call)(void* argument), void* argument);
} mortise_loop_calls;

#endif
