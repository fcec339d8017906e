/* SPDX-License-Identifier: BSL-1.0
 * Replies from a thread of its own, which is no loop.
 */
#include "plain.h"

#include <pthread.h>

static void* reply_elsewhere(void* argument) {
    if (plain_reply(*(mortise_exchange*)argument, "from nowhere") != MORTISE_E_THREAD) {
        plain_log(MORTISE_LOG_ERROR, plain_view("the reply was not refused"));
    }
    return NULL;
}

static int32_t handle(void* user, mortise_exchange exchange, const mortise_request* request) {
    pthread_t thread;
    (void)user;
    (void)request;
    pthread_create(&thread, NULL, reply_elsewhere, &exchange);
    pthread_join(thread, NULL);
    return plain_reply(exchange, "from the loop");
}

PLAIN_HANDLER("replies-from-thread", 0, handle);
