/* SPDX-License-Identifier: BSL-1.0
 * Takes a hold, and fails in configure without giving it back.
 */
#include "plain.h"

#include <mortise/abi/ext/hold.h>

static int32_t configure(void* state) {
    uint64_t number;
    (void)state;
    ((const mortise_hold*)plain_extension(MORTISE_HOLD_EXTENSION))
        ->hold(self, plain_view("a thread runs"), &number);
    host->explain(self, plain_view("no index"));
    return MORTISE_E_FAILED;
}

PLAIN_PLUGIN("holds-and-fails", plain_create, configure);
