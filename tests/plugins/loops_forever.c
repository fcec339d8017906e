/* SPDX-License-Identifier: BSL-1.0
 * Never comes back from its handler; with the query "replied" the client has its answer before,
 * with "release" it is what gives back the content of a bad reply that does not come back.
 */
#include "plain.h"

static void loop_forever(void* argument) {
    volatile int goes_on = 1;
    (void)argument;
    while (goes_on) {
    }
}

static int is_asked(const mortise_request* request, const char* query) {
    const mortise_view asked = plain_view(query);
    return request->query.size == asked.size &&
           memcmp(request->query.data, asked.data, asked.size) == 0;
}

static int32_t handle(void* user, mortise_exchange exchange, const mortise_request* request) {
    (void)user;
    if (is_asked(request, "release")) {
        mortise_reply bad = plain_answer("never sent");
        bad.status = 99;
        bad.release = loop_forever;
        return host->reply(exchange, &bad);
    }
    if (is_asked(request, "replied")) {
        plain_reply(exchange, "replied");
    }
    loop_forever(NULL);
    return MORTISE_DECLINED;
}

PLAIN_HANDLER("loops-forever", 0, handle);
