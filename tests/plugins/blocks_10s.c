/* SPDX-License-Identifier: BSL-1.0
 * Sleeps on its loop: ten seconds, or "milliseconds" where these are configured.
 */
#define _POSIX_C_SOURCE 200809L
#include "plain.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

static long milliseconds = 10000;

static int32_t create(const mortise_host* given, mortise_instance* instance, void** state) {
    mortise_view value;
    plain_create(given, instance, state);
    if (plain_config("milliseconds", &value) == MORTISE_OK) {
        milliseconds = strtol(value.data, NULL, 10);
    }
    return MORTISE_OK;
}

static int32_t handle(void* user, mortise_exchange exchange, const mortise_request* request) {
    struct timespec rest;
    (void)user;
    (void)request;
    rest.tv_sec = milliseconds / 1000;
    rest.tv_nsec = milliseconds % 1000 * 1000000;
    while (nanosleep(&rest, &rest) != 0 && errno == EINTR) {
    }
    return plain_reply(exchange, "slept");
}

static int32_t configure(void* state) {
    (void)state;
    return plain_route("GET", "/fault", 0, handle);
}

PLAIN_PLUGIN("blocks-10s", create, configure);
