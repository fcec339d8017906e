/* SPDX-License-Identifier: BSL-1.0
 * No fault: waits, and replies on the loop, posted from a thread of its own.
 */
#include "plain.h"

#include <pthread.h>
#include <stdlib.h>

struct waiting {
    mortise_exchange exchange;
    const mortise_request* request;
    pthread_t thread;
};

static void reply_now(void* argument) {
    struct waiting* const one = (struct waiting*)argument;
    mortise_reply reply = plain_answer("");
    pthread_join(one->thread, NULL); /* a thread that outlives its code takes the process with it */
    reply.content = one->request->parameters[0].value;
    host->reply(one->exchange, &reply);
    if (host->reply(one->exchange, &reply) != MORTISE_E_STATE) {
        plain_log(MORTISE_LOG_ERROR, plain_view("the stale reply was not refused"));
    }
    free(one);
}

static void* work(void* argument) {
    const struct waiting* const one = (const struct waiting*)argument;
    plain_post(one->request->loop, reply_now, argument);
    return NULL;
}

static int32_t handle(void* user, mortise_exchange exchange, const mortise_request* request) {
    struct waiting* const one = (struct waiting*)malloc(sizeof *one);
    (void)user;
    one->exchange = exchange;
    one->request = request;
    pthread_create(&one->thread, NULL, work, one);
    return MORTISE_PENDING;
}

static int32_t configure(void* state) {
    (void)state;
    return plain_route("GET", "/later/{name}", MORTISE_ROUTE_MAY_WAIT, handle);
}

PLAIN_PLUGIN("replies-later", plain_create, configure);
