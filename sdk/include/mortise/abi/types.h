/* SPDX-License-Identifier: BSL-1.0
 * The words that every part of the border uses: version, status codes, views and handles.
 *
 * Rules of the whole border (docs/abi.md):
 *  - C11. No struct crosses by value but mortise_view. Integers have fixed widths; only pointers
 *    and size_t are the platform's.
 *  - A struct that may grow begins with `uint32_t size`, the size its writer knew. A reader looks
 *    at a member only if the size covers it.
 *  - Nothing unwinds across the border, either way. Each side frees only what it allocated.
 *  - Each function carries a thread tag:
 *      [control]  the host's control thread
 *      [loop]     the thread of the event loop that the exchange, operation or loop belongs to
 *      [pool]     a thread of the host's worker pool
 *      [any]      every thread
 */
#ifndef MORTISE_ABI_TYPES_H
#define MORTISE_ABI_TYPES_H

#include <stddef.h>
#include <stdint.h>

/* major << 16 | minor. Until 1.0 every minor is a border of its own; from 1.0 on a host loads
 * each plugin of its major. */
#define MORTISE_ABI_VERSION UINT32_C(0x00000002)

/* Results. Zero and above: what happened. Below zero: what went wrong. */
#define MORTISE_OK 0
#define MORTISE_REPLIED 0        /* a handler: reply() was called */
#define MORTISE_PENDING 1        /* a handler: the answer comes later; a start: complete will run */
#define MORTISE_DECLINED 2       /* a handler: as if this route did not exist: 404 */
#define MORTISE_E_FAILED (-1)    /* no further reason; a handler's request is answered with 500 */
#define MORTISE_E_INVALID (-2)   /* an argument breaks its rule; nothing was done */
#define MORTISE_E_STATE (-3)     /* not now: replied twice, or outside the phase that allows it */
#define MORTISE_E_THREAD (-4)    /* called on another thread than the tag says; nothing was done */
#define MORTISE_E_CANCELLED (-5) /* the client left or time ran out; the reply is dropped */
#define MORTISE_E_CLOSED (-6)    /* the loop has shut down */
#define MORTISE_E_MEMORY (-7)    /* out of memory; nothing was done */
#define MORTISE_E_BUSY (-8)      /* a bounded queue is full; nothing was done */
#define MORTISE_E_CONTENT (-9)   /* the request's content is broken, too large or too slow */

/* Bytes that somebody else owns, not terminated; data may be null where size is 0. */
typedef struct mortise_view {
    const char* data;
    size_t size;
} mortise_view;

typedef struct mortise_field {
    mortise_view name;
    mortise_view value;
} mortise_field;

/* The host's handles. A plugin never looks inside. */
typedef struct mortise_instance
    mortise_instance;                     /* one created plugin; valid until destroy returns */
typedef struct mortise_loop mortise_loop; /* one event loop; valid until its loop_stop returns */
typedef uint64_t mortise_exchange;        /* one request; a used-up number is never valid again */

#endif
