/* SPDX-License-Identifier: BSL-1.0
 * No fault: a route for each thing that a handler may do, and a line for each step.
 */
#include "plain.h"

#include <stdio.h>

static void say(const char* text) {
    plain_log(MORTISE_LOG_INFO, plain_view(text));
}

static int32_t create(const mortise_host* given, mortise_instance* instance, void** state) {
    mortise_view value;
    plain_create(given, instance, state);
    *state = &self;
    if (plain_config("salutation", &value) == MORTISE_OK) {
        plain_log(MORTISE_LOG_WARNING, value);
    }
    return MORTISE_OK;
}

/* Answers with everything that the request holds. */
static int32_t describe(void* user, mortise_exchange exchange, const mortise_request* request) {
    char text[1024];
    const mortise_field name = request->parameters[0];
    const mortise_field first = request->fields[0];
    mortise_reply reply;
    (void)user;
    snprintf(text, sizeof text, "%.*s %.*s %.*s %.*s %.*s %.*s=%.*s %.*s=%.*s %d %lld %d",
             (int)request->method.size, request->method.data, (int)request->target.size,
             request->target.data, (int)request->path.size, request->path.data,
             (int)request->query.size, request->query.data, (int)request->authority.size,
             request->authority.data, (int)name.name.size, name.name.data, (int)name.value.size,
             name.value.data, (int)first.name.size, first.name.data, (int)first.value.size,
             first.value.data, (int)request->version, (long long)request->content_length,
             *(int*)request->loop_state);
    reply = plain_answer(text);
    return host->reply(exchange, &reply);
}

static int32_t echo(void* user, mortise_exchange exchange, const mortise_request* request) {
    mortise_reply reply = plain_answer("");
    (void)user;
    reply.content = request->content;
    return host->reply(exchange, &reply);
}

static void release(void* argument) {
    say((const char*)argument);
}

static int32_t lend(void* user, mortise_exchange exchange, const mortise_request* request) {
    mortise_reply reply = plain_answer("lent");
    (void)user;
    (void)request;
    reply.release = release;
    reply.release_argument = "released";
    return host->reply(exchange, &reply);
}

static int32_t configure(void* state) {
    (void)state;
    say("configure");
    plain_route("GET", "/sound/{name}", 0, describe);
    plain_route("POST", "/echo", MORTISE_ROUTE_CONTENT, echo);
    return plain_route("GET", "/lend", 0, lend);
}

static int32_t start(void* state) {
    (void)state;
    say("start");
    return MORTISE_OK;
}

static int32_t loop_start(void* state, mortise_loop* loop, void** loop_state) {
    static int number = 7;
    (void)state;
    (void)loop;
    say("loop_start");
    *loop_state = &number;
    return MORTISE_OK;
}

static void quiesce(void* state) {
    (void)state;
    say("quiesce");
}

static void loop_stop(void* state, mortise_loop* loop, void* loop_state) {
    (void)state;
    (void)loop;
    say(*(int*)loop_state == 7 ? "loop_stop" : "loop_stop with another state");
}

static void destroy(void* state) {
    say(state == (void*)&self ? "destroy" : "destroy with another state");
}

MORTISE_NOTE("sound", "1.2.3");
MORTISE_EXPORT const struct mortise_plugin mortise_plugin = {
    .size = sizeof(struct mortise_plugin),
    .abi_version = MORTISE_ABI_VERSION,
    .id = "sound",
    .version = "1.2.3",
    .create = create,
    .configure = configure,
    .start = start,
    .loop_start = loop_start,
    .quiesce = quiesce,
    .loop_stop = loop_stop,
    .destroy = destroy,
};
