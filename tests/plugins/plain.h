/* SPDX-License-Identifier: BSL-1.0
 * What every fault plugin does rightly, so that each file shows its one fault.
 */
#ifndef MORTISE_TESTS_PLUGINS_PLAIN_H
#define MORTISE_TESTS_PLUGINS_PLAIN_H

#include <mortise/abi/ext/config.h>
#include <mortise/abi/ext/log.h>
#include <mortise/abi/ext/loop.h>
#include <mortise/abi/plugin.h>

#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

extern __attribute__((visibility("default"))) const struct mortise_plugin mortise_plugin;

static const mortise_host* host;
static mortise_instance* self;

static inline mortise_view plain_view(const char* text) {
    mortise_view view = {text, strlen(text)};
    return view;
}

static inline const void* plain_extension(const char* name) {
    return host->extension(plain_view(name));
}

static inline void plain_log(uint32_t level, mortise_view text) {
    mortise_log_line line;
    memset(&line, 0, sizeof line);
    line.size = sizeof line;
    line.level = level;
    line.text = text;
    ((const mortise_log*)plain_extension(MORTISE_LOG_EXTENSION))->write(self, &line);
}

static inline int32_t plain_config(const char* key, mortise_view* value) {
    return ((const mortise_config*)plain_extension(MORTISE_CONFIG_EXTENSION))
        ->find(self, plain_view(key), value);
}

static inline int32_t plain_post(mortise_loop* loop, void (*call)(void*), void* argument) {
    return ((const mortise_loop_calls*)plain_extension(MORTISE_LOOP_EXTENSION))
        ->post(loop, call, argument);
}

static inline int32_t plain_create(const mortise_host* given, mortise_instance* instance,
                                   void** state) {
    host = given;
    self = instance;
    *state = NULL;
    return MORTISE_OK;
}

static inline int32_t plain_route(const char* method, const char* pattern, uint32_t flags,
                                  mortise_handle handle) {
    mortise_route route;
    memset(&route, 0, sizeof route);
    route.size = sizeof route;
    route.flags = flags;
    route.method = plain_view(method);
    route.pattern = plain_view(pattern);
    route.handle = handle;
    return host->add_route(self, &route);
}

static inline mortise_reply plain_answer(const char* content) {
    mortise_reply reply;
    memset(&reply, 0, sizeof reply);
    reply.size = sizeof reply;
    reply.status = 200;
    reply.content = plain_view(content);
    return reply;
}

static inline int32_t plain_reply(mortise_exchange exchange, const char* content) {
    const mortise_reply reply = plain_answer(content);
    return host->reply(exchange, &reply);
}

#ifdef __cplusplus
}
#endif

/* The note and the exported object of a plugin of version 1.0.0; the steps after configure are
 * empty. */
#define PLAIN_PLUGIN(id_literal, create_step, configure_step)                                      \
    MORTISE_NOTE(id_literal, "1.0.0");                                                             \
    const struct mortise_plugin mortise_plugin = {sizeof(struct mortise_plugin),                   \
                                                  MORTISE_ABI_VERSION,                             \
                                                  id_literal,                                      \
                                                  "1.0.0",                                         \
                                                  create_step,                                     \
                                                  configure_step,                                  \
                                                  NULL,                                            \
                                                  NULL,                                            \
                                                  NULL,                                            \
                                                  NULL,                                            \
                                                  NULL}

/* A plugin with one route, GET /fault. */
#define PLAIN_HANDLER(id_literal, flags, handle_function)                                          \
    static int32_t configure(void* state) {                                                        \
        (void)state;                                                                               \
        return plain_route("GET", "/fault", flags, handle_function);                               \
    }                                                                                              \
    PLAIN_PLUGIN(id_literal, plain_create, configure)

#endif
