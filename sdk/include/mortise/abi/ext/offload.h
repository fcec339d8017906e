/* SPDX-License-Identifier: BSL-1.0
 * Extension "mortise.offload/1": blocking work on the host's worker pool.
 */
#ifndef MORTISE_ABI_EXT_OFFLOAD_H
#define MORTISE_ABI_EXT_OFFLOAD_H

#include "../operation.h"

#define MORTISE_OFFLOAD_EXTENSION "mortise.offload/1"

typedef struct mortise_offload {
    uint32_t size;
    uint32_t reserved;

    /* A start function: runs work(argument) once on a thread of the pool, then completes with
     * MORTISE_OK. [loop] Where it is cancelled before it begins, work never runs; where it is
     * cancelled later, it completes with MORTISE_E_CANCELLED after work has returned. work may
     * block, may not throw, and calls only functions tagged [any]. MORTISE_PENDING, _E_INVALID,
     * _E_THREAD, _E_CLOSED; _E_BUSY: too much is queued already, or the plugin has as much there as
     * the host's operator lets it. */
    int32_t (*run)(mortise_instance* instance, void (*work)(void* argument) /* [pool] */,
                   void* argument, mortise_operation* operation);
} mortise_offload;

#endif
