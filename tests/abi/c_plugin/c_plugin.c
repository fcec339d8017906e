/* SPDX-License-Identifier: BSL-1.0
 * A plugin in C11, from the border's headers alone: GET /c/{name} answers the name and lends its
 * content; GET /c/declined declines.
 */
#include <mortise/abi/plugin.h>

#include <stdlib.h>
#include <string.h>

struct state {
    const mortise_host* host;
    mortise_instance* instance;
};

static mortise_view view_of(const char* text) {
    const mortise_view view = {text, strlen(text)};
    return view;
}

static int32_t answer_name(void* user, mortise_exchange exchange, const mortise_request* request) {
    const struct state* const state = user;
    const mortise_view name = request->parameters[0].value;
    char* const lent = malloc(name.size + 1);
    if (lent == NULL) {
        return MORTISE_E_MEMORY;
    }
    memcpy(lent, name.data, name.size);

    const mortise_field field = {view_of("Content-Type"), view_of("text/plain")};
    mortise_reply reply = {0};
    reply.size = sizeof reply;
    reply.status = 200;
    reply.field_count = 1;
    reply.fields = &field;
    reply.content.data = lent;
    reply.content.size = name.size;
    reply.release = free;
    reply.release_argument = lent;
    state->host->reply(exchange, &reply);
    return MORTISE_REPLIED;
}

static int32_t decline(void* user, mortise_exchange exchange, const mortise_request* request) {
    (void)user;
    (void)exchange;
    (void)request;
    return MORTISE_DECLINED;
}

static int32_t add(struct state* state, const char* pattern, mortise_handle handle) {
    mortise_route route = {0};
    route.size = sizeof route;
    route.method = view_of("GET");
    route.pattern = view_of(pattern);
    route.handle = handle;
    route.user = state;
    return state->host->add_route(state->instance, &route);
}

static int32_t create(const mortise_host* host, mortise_instance* instance, void** state) {
    struct state* const made = malloc(sizeof *made);
    if (made == NULL) {
        return MORTISE_E_MEMORY;
    }
    made->host = host;
    made->instance = instance;
    *state = made;
    return MORTISE_OK;
}

static int32_t configure(void* state) {
    const int32_t result = add(state, "/c/{name}", answer_name);
    return result == MORTISE_OK ? add(state, "/c/declined", decline) : result;
}

MORTISE_NOTE("c-plugin", "1.0.0");
MORTISE_EXPORT const struct mortise_plugin mortise_plugin = {
    .size = sizeof mortise_plugin,
    .abi_version = MORTISE_ABI_VERSION,
    .id = "c-plugin",
    .version = "1.0.0",
    .create = create,
    .configure = configure,
    .destroy = free,
};
