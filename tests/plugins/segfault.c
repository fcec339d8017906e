/* SPDX-License-Identifier: BSL-1.0
 * Writes to memory that nobody has.
 */
#include "plain.h"

static int* volatile nowhere = (int*)16;

__attribute__((noinline)) static int32_t write_nowhere(void) {
    *nowhere = 1;
    return MORTISE_DECLINED;
}

static int32_t handle(void* user, mortise_exchange exchange, const mortise_request* request) {
    (void)user;
    (void)exchange;
    (void)request;
    return write_nowhere();
}

PLAIN_HANDLER("segfault", 0, handle);
