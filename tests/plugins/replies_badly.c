/* SPDX-License-Identifier: BSL-1.0
 * Replies with what the border forbids; the path says how.
 */
#include "plain.h"

static void release(void* argument) {
    plain_log(MORTISE_LOG_INFO, plain_view((const char*)argument));
}

static void spoil(mortise_reply* reply, mortise_field* field, char fault) {
    switch (fault) {
    case '1':
        reply->size = 8;
        break;
    case '2':
        reply->status = 101;
        break;
    case '3':
        reply->status = 600;
        break;
    case '4':
        reply->field_count = UINT32_MAX;
        break;
    case '5':
        reply->fields = NULL;
        break;
    case '6':
        field->value.data = NULL;
        break;
    case '7':
        reply->content.data = NULL;
        break;
    case '8':
        reply->content.size = SIZE_MAX;
        break;
    case '9':
        field->name = plain_view("bad name");
        break;
    default:
        field->name = plain_view("");
        break;
    }
}

static int32_t handle(void* user, mortise_exchange exchange, const mortise_request* request) {
    mortise_field field = {plain_view("x"), plain_view("y")};
    mortise_reply reply = plain_answer("content");
    (void)user;
    reply.fields = &field;
    reply.field_count = 1;
    reply.release = release;
    reply.release_argument = "released";
    spoil(&reply, &field, request->parameters[0].value.data[0]);
    if (host->reply(exchange, &reply) != MORTISE_E_INVALID) {
        plain_log(MORTISE_LOG_ERROR, plain_view("the reply was not refused"));
    }
    return MORTISE_REPLIED;
}

static int32_t configure(void* state) {
    (void)state;
    return plain_route("GET", "/fault/{which}", 0, handle);
}

PLAIN_PLUGIN("replies-badly", plain_create, configure);
