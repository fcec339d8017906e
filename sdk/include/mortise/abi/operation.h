/* SPDX-License-Identifier: BSL-1.0
 * Something that the host does while a plugin's code does not wait for it.
 */
#ifndef MORTISE_ABI_OPERATION_H
#define MORTISE_ABI_OPERATION_H

#include "types.h"

/* One asynchronous operation: the plugin owns it, normally inside a coroutine's frame, so that
 * waiting allocates nothing.
 *
 *   plugin sets size, complete, user ─► start function ─┬─► a final status: it is over already
 *                                                       └─► MORTISE_PENDING ─► complete(), once
 *
 * A start function is a function of the host that takes an operation. From a start that returned
 * MORTISE_PENDING until complete() is entered, the operation stays at its address and belongs to
 * the host. complete() runs exactly once for each such start, also when the operation is cancelled
 * or the host shuts down, on the loop of the start, and never from within a call that the plugin
 * makes into the host. When it is entered, the operation is the plugin's again: it may be started
 * anew there, or freed. */
typedef struct mortise_operation mortise_operation;
struct mortise_operation {
    uint32_t size;
    uint32_t reserved;                                              /* 0 */
    void (*complete)(mortise_operation* operation, int32_t status); /* [loop] */
    void* user;                                                     /* the plugin's */
    uint64_t result;   /* what the operation came to, beside its status; its header says what */
    uint64_t host[14]; /* the host's, while it is pending */
};

#endif
