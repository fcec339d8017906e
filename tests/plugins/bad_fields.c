/* SPDX-License-Identifier: BSL-1.0
 * Replies with a field that may not be sent; the path says which.
 */
#include "plain.h"

static int32_t handle(void* user, mortise_exchange exchange, const mortise_request* request) {
    mortise_field field = {plain_view("x-field"), request->parameters[0].value};
    mortise_reply reply = plain_answer("content");
    (void)user;
    reply.fields = &field;
    reply.field_count = 1;
    if (host->reply(exchange, &reply) != MORTISE_E_INVALID) {
        plain_log(MORTISE_LOG_ERROR, plain_view("the reply was not refused"));
    }
    return MORTISE_REPLIED;
}

static int32_t configure(void* state) {
    (void)state;
    return plain_route("GET", "/fault/{value}", 0, handle);
}

PLAIN_PLUGIN("bad-fields", plain_create, configure);
