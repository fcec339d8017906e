/* SPDX-License-Identifier: BSL-1.0
 * Fails in loop_start, and says why.
 */
#include "plain.h"

static int32_t configure(void* state) {
    (void)state;
    return MORTISE_OK;
}

static int32_t loop_start(void* state, mortise_loop* loop, void** loop_state) {
    (void)state;
    (void)loop;
    (void)loop_state;
    host->explain(self, plain_view("no room on this loop"));
    return MORTISE_E_FAILED;
}

static void loop_stop(void* state, mortise_loop* loop, void* loop_state) {
    (void)state;
    (void)loop;
    (void)loop_state;
    plain_log(MORTISE_LOG_INFO, plain_view("stopped without a start"));
}

MORTISE_NOTE("fails-in-loop-start", "1.0.0");
MORTISE_EXPORT const struct mortise_plugin mortise_plugin = {
    .size = sizeof(struct mortise_plugin),
    .abi_version = MORTISE_ABI_VERSION,
    .id = "fails-in-loop-start",
    .version = "1.0.0",
    .create = plain_create,
    .configure = configure,
    .loop_start = loop_start,
    .loop_stop = loop_stop,
};
