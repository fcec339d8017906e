/* SPDX-License-Identifier: BSL-1.0
 * Uses its stack up.
 */
#include "plain.h"

__attribute__((noinline)) static int32_t go_deeper(volatile char* above) {
    volatile char room[4096];
    room[0] = *above;
    if (room[0] == 0) {
        return 0; /* which it never is */
    }
    return go_deeper(room) + room[0];
}

static int32_t handle(void* user, mortise_exchange exchange, const mortise_request* request) {
    volatile char first = 1;
    (void)user;
    (void)exchange;
    (void)request;
    return go_deeper(&first);
}

PLAIN_HANDLER("stack-overflow", 0, handle);
