/* SPDX-License-Identifier: BSL-1.0
 * Starts a thread in create and never ends it: its code is in use when the plugin is unloaded. With
 * ENDS_THREAD it is ended in destroy, as it should be.
 */
#include "plain.h"

#include <pthread.h>
#include <semaphore.h>

static sem_t may_end;
static pthread_t thread;

static void* wait_for_end(void* argument) {
    while (sem_wait(&may_end) != 0) {
    }
    return argument;
}

static int32_t create(const mortise_host* given, mortise_instance* instance, void** state) {
    plain_create(given, instance, state);
    sem_init(&may_end, 0, 0);
    return pthread_create(&thread, NULL, wait_for_end, NULL) == 0 ? MORTISE_OK : MORTISE_E_FAILED;
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

static void destroy(void* state) {
    (void)state;
#ifdef ENDS_THREAD
    sem_post(&may_end);
    pthread_join(thread, NULL);
#else
    pthread_detach(thread);
#endif
}

#ifdef ENDS_THREAD
#define ID "ends-thread"
#else
#define ID "starts-thread"
#endif
MORTISE_NOTE(ID, "1.0.0");
const struct mortise_plugin mortise_plugin = {sizeof(struct mortise_plugin),
                                              MORTISE_ABI_VERSION,
                                              ID,
                                              "1.0.0",
                                              create,
                                              configure,
                                              NULL,
                                              NULL,
                                              NULL,
                                              NULL,
                                              destroy};
