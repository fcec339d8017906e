/* SPDX-License-Identifier: BSL-1.0
 * Starts a thread in create and never ends it: its code is in use when the plugin is unloaded.
 */
#include "plain.h"

#include <pthread.h>
#include <unistd.h>

static void* wait_forever(void* argument) {
    for (;;) {
        pause();
    }
    return argument;
}

static int32_t create(const mortise_host* given, mortise_instance* instance, void** state) {
    pthread_t thread;
    plain_create(given, instance, state);
    pthread_create(&thread, NULL, wait_forever, NULL);
    pthread_detach(thread);
    return MORTISE_OK;
}

static int32_t handle(void* user, mortise_exchange exchange, const mortise_request* request) {
    (void)user;
    (void)request;
    return plain_reply(exchange, "with a thread");
}

static int32_t configure(void* state) {
    (void)state;
    return plain_route("GET", "/fault", 0, handle);
}

PLAIN_PLUGIN("starts-thread", create, configure);
