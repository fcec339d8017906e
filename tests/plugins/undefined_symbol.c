/* SPDX-License-Identifier: BSL-1.0
 * Needs a function that nobody has.
 */
#include "plain.h"

extern int32_t function_that_nobody_has(void* state);

PLAIN_PLUGIN("undefined-symbol", plain_create, function_that_nobody_has);
