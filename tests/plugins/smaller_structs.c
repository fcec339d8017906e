/* SPDX-License-Identifier: BSL-1.0
 * Built against a border whose structs had fewer members: what a size does not cover is spoilt
 * here, and the exported object ends behind configure. GET /fault logs and answers.
 */
#include <mortise/abi/ext/log.h>
#include <mortise/abi/plugin.h>

#include <stddef.h>
#include <string.h>

static const mortise_host* host;
static mortise_instance* self;

static mortise_view view_of(const char* text) {
    const mortise_view view = {text, strlen(text)};
    return view;
}

static int32_t handle(void* user, mortise_exchange exchange, const mortise_request* request) {
    const mortise_log* const log = host->extension(view_of(MORTISE_LOG_EXTENSION));
    mortise_log_line line;
    mortise_reply reply;
    (void)user;
    (void)request;
    memset(&line, 0xff, sizeof line);
    line.size = offsetof(mortise_log_line, field_count);
    line.level = MORTISE_LOG_INFO;
    line.text = view_of("a line without fields");
    log->write(self, &line);
    memset(&reply, 0xff, sizeof reply);
    reply.size = offsetof(mortise_reply, release);
    reply.status = 200;
    reply.field_count = 0;
    reply.content = view_of("of few members");
    return host->reply(exchange, &reply);
}

static int32_t create(const mortise_host* given, mortise_instance* instance, void** state) {
    host = given;
    self = instance;
    *state = NULL;
    return MORTISE_OK;
}

static int32_t configure(void* state) {
    mortise_route route;
    (void)state;
    memset(&route, 0xff, sizeof route);
    route.size = offsetof(mortise_route, content_limit);
    route.flags = 0;
    route.method = view_of("GET");
    route.host = view_of("");
    route.pattern = view_of("/fault");
    route.handle = handle;
    return host->add_route(self, &route);
}

/* mortise_plugin as it would have been before start. */
struct first_members {
    uint32_t size;
    uint32_t abi_version;
    const char* id;
    const char* version;
    int32_t (*create)(const mortise_host*, mortise_instance*, void**);
    int32_t (*configure)(void*);
};

MORTISE_NOTE("smaller-structs", "1.0.0");
MORTISE_EXPORT const struct first_members mortise_plugin = {sizeof(struct first_members),
                                                            MORTISE_ABI_VERSION,
                                                            "smaller-structs",
                                                            "1.0.0",
                                                            create,
                                                            configure};
