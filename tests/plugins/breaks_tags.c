/* SPDX-License-Identifier: BSL-1.0
 * Calls the host where the border's thread tags forbid it: GET /fault/WHICH breaks one of them.
 */
#include "plain.h"

#include <mortise/abi/ext/offload.h>
#include <mortise/abi/ext/timer.h>

#include <pthread.h>

static mortise_operation operation;
static mortise_exchange pending;

static void complete(mortise_operation* completed, int32_t status) {
    (void)completed;
    plain_reply(pending, status == MORTISE_E_CANCELLED ? "cancelled" : "went on");
}

static void start_wait(uint64_t nanoseconds) {
    const mortise_timer* const timer =
        (const mortise_timer*)plain_extension(MORTISE_TIMER_EXTENSION);
    memset(&operation, 0, sizeof operation);
    operation.size = sizeof operation;
    operation.complete = complete;
    if (timer->wait(self, timer->now(self) + nanoseconds, &operation) != MORTISE_PENDING) {
        plain_log(MORTISE_LOG_DEBUG, plain_view("the wait was refused"));
    }
}

static void* cancel_elsewhere(void* argument) {
    host->cancel((mortise_operation*)argument);
    return NULL;
}

static void* wait_elsewhere(void* argument) {
    (void)argument;
    start_wait(0);
    return NULL;
}

static void* reply_elsewhere(void* argument) {
    plain_reply(*(mortise_exchange*)argument, "from nowhere");
    return NULL;
}

static void* allocate_elsewhere(void* argument) {
    host->allocate(*(mortise_exchange*)argument, 8, 8);
    return NULL;
}

static void in_a_thread(void* (*call)(void*), void* argument) {
    pthread_t thread;
    pthread_create(&thread, NULL, call, argument);
    pthread_join(thread, NULL);
}

static void reply_from_pool(void* argument) {
    plain_reply(*(mortise_exchange*)argument, "from the pool");
}

static void offload_reply(void) {
    memset(&operation, 0, sizeof operation);
    operation.size = sizeof operation;
    operation.complete = complete;
    ((const mortise_offload*)plain_extension(MORTISE_OFFLOAD_EXTENSION))
        ->run(self, reply_from_pool, &pending, &operation);
}

static int is_asked(const mortise_request* request, const char* which) {
    const mortise_view given = request->parameters[0].value;
    return given.size == strlen(which) && memcmp(given.data, which, given.size) == 0;
}

static int32_t handle(void* user, mortise_exchange exchange, const mortise_request* request) {
    mortise_view value;
    (void)user;
    if (is_asked(request, "cancel")) {
        pending = exchange;
        start_wait(1000000);
        in_a_thread(cancel_elsewhere, &operation);
        return MORTISE_PENDING;
    }
    if (is_asked(request, "pool")) {
        pending = exchange;
        offload_reply();
        return MORTISE_PENDING;
    }
    if (is_asked(request, "reply")) {
        in_a_thread(reply_elsewhere, &exchange);
    } else if (is_asked(request, "wait")) {
        in_a_thread(wait_elsewhere, NULL);
    } else if (is_asked(request, "allocate")) {
        in_a_thread(allocate_elsewhere, &exchange);
    } else if (is_asked(request, "alignment")) {
        host->allocate(exchange, 8, 3);
    } else if (is_asked(request, "route")) {
        plain_route("GET", "/late", 0, handle);
    } else if (is_asked(request, "config")) {
        plain_config("key", &value);
    } else if (is_asked(request, "explain")) {
        host->explain(self, plain_view("too late"));
    }
    return plain_reply(exchange, "went on");
}

static int32_t configure(void* state) {
    (void)state;
    return plain_route("GET", "/fault/{which}", MORTISE_ROUTE_MAY_WAIT, handle);
}

PLAIN_PLUGIN("breaks-tags", plain_create, configure);
