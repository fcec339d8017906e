/* SPDX-License-Identifier: BSL-1.0
 * Sleeps on its loop: ten seconds, or "milliseconds" where these are configured. Where it is woken
 * by a signal, it sleeps for what is left, or "anew".
 */
#define _POSIX_C_SOURCE 200809L
#include "plain.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

static long milliseconds = 10000;
static int begins_anew;

static int32_t create(const mortise_host* given, mortise_instance* instance, void** state) {
    mortise_view value;
    plain_create(given, instance, state);
    if (plain_config("milliseconds", &value) == MORTISE_OK) {
        milliseconds = strtol(value.data, NULL, 10);
    }
    begins_anew = plain_config("anew", &value) == MORTISE_OK;
    return MORTISE_OK;
}

static int32_t handle(void* user, mortise_exchange exchange, const mortise_request* request) {
    const struct timespec whole = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    struct timespec rest = whole;
    (void)user;
    (void)request;
    while (nanosleep(&rest, &rest) != 0 && errno == EINTR) {
        if (begins_anew) {
            rest = whole;
        }
    }
    return plain_reply(exchange, "slept");
}

static int32_t configure(void* state) {
    (void)state;
    return plain_route("GET", "/fault", 0, handle);
}

PLAIN_PLUGIN("blocks-10s", create, configure);
