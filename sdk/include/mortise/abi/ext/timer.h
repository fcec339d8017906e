/* SPDX-License-Identifier: BSL-1.0
 * Extension "mortise.timer/1": waiting for a time.
 */
#ifndef MORTISE_ABI_EXT_TIMER_H
#define MORTISE_ABI_EXT_TIMER_H

#include "../operation.h"

#define MORTISE_TIMER_EXTENSION "mortise.timer/1"

typedef struct mortise_timer {
    uint32_t size;
    uint32_t reserved;

    /* Nanoseconds of a clock that only goes forward, from an unnamed beginning. [any] */
    uint64_t (*now)(mortise_instance* instance);

    /* A start function: completes with MORTISE_OK once now() has reached `when`, which may lie in
     * the past. [loop] MORTISE_PENDING, _E_INVALID, _E_THREAD, _E_CLOSED. */
    int32_t (*wait)(mortise_instance* instance, uint64_t when, mortise_operation* operation);
} mortise_timer;

#endif
