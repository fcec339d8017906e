/* SPDX-License-Identifier: BSL-1.0
 * The smallest plugin in C11, from the border's headers alone: GET / and GET /{name} greet, POST /
 * answers its content.
 */
#include <mortise/abi/plugin.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define MOST_CONTENT 65536 /* bytes; the host answers more with 413 */

/* Initialises a view with a literal. */
#define TEXT(literal)                                                                              \
    { literal, sizeof(literal) - 1 }

/* One for each instance, the plugin's own. The handlers of several loops read it at once: nothing
 * changes in it behind create(). */
struct hello {
    const mortise_host* host;
    mortise_instance* instance;
};

static const mortise_view plain_text = TEXT("text/plain; charset=utf-8");
static const mortise_view any_bytes = TEXT("application/octet-stream");

static char to_lower(char letter) {
    return letter >= 'A' && letter <= 'Z' ? (char)(letter - 'A' + 'a') : letter;
}

/* Field names are compared without regard to case (RFC 9110, 5.1). */
static bool is_same_name(mortise_view left, mortise_view right) {
    if (left.size != right.size) {
        return false;
    }
    for (size_t at = 0; at != left.size; ++at) {
        if (to_lower(left.data[at]) != to_lower(right.data[at])) {
            return false;
        }
    }
    return true;
}

/* The value of the first field or parameter with this name, valid as long as the request; null
 * where there is none. */
static const mortise_view* find(const mortise_field* fields, uint32_t count, mortise_view name) {
    for (uint32_t at = 0; at != count; ++at) {
        if (is_same_name(fields[at].name, name)) {
            return &fields[at].value;
        }
    }
    return NULL;
}

/* Answers 200, and gives what a handler returns then. The reply and all it names may be gone
 * behind this: the host copies. */
static int32_t answer(const struct hello* self, mortise_exchange exchange, mortise_view media_type,
                      mortise_view content) {
    const mortise_field fields[] = {{TEXT("Content-Type"), media_type}};
    const mortise_reply reply = {
        .size = sizeof reply,
        .status = 200,
        .field_count = sizeof fields / sizeof *fields,
        .fields = fields,
        .content = content,
    };
    const int32_t result = self->host->reply(exchange, &reply);
    /* Refused, and answered with 500 by the host, or the client has left: the exchange is over. */
    return result == MORTISE_E_INVALID || result == MORTISE_E_CANCELLED ? MORTISE_REPLIED : result;
}

static int32_t greet(const struct hello* self, mortise_exchange exchange, mortise_view name) {
    static const mortise_view salutation = TEXT("Hello, ");
    static const mortise_view end = TEXT("!\n");
    const size_t size = salutation.size + name.size + end.size;
    /* The exchange's memory: nobody gives it back. */
    char* const text = self->host->allocate(exchange, size, 1);
    if (text == NULL) {
        return MORTISE_E_MEMORY;
    }
    memcpy(text, salutation.data, salutation.size);
    memcpy(text + salutation.size, name.data, name.size);
    memcpy(text + salutation.size + name.size, end.data, end.size);
    const mortise_view content = {text, size};
    return answer(self, exchange, plain_text, content);
}

/* [loop] GET / */
static int32_t greet_world(void* user, mortise_exchange exchange, const mortise_request* request) {
    static const mortise_view world = TEXT("world");
    (void)request;
    return greet(user, exchange, world);
}

/* [loop] GET /{name} */
static int32_t greet_name(void* user, mortise_exchange exchange, const mortise_request* request) {
    static const mortise_view key = TEXT("name");
    const mortise_view* const name = find(request->parameters, request->parameter_count, key);
    return name == NULL ? MORTISE_E_FAILED : greet(user, exchange, *name);
}

/* [loop] POST / */
static int32_t echo(void* user, mortise_exchange exchange, const mortise_request* request) {
    static const mortise_view key = TEXT("Content-Type");
    const mortise_view* const media_type = find(request->fields, request->field_count, key);
    return answer(user, exchange, media_type == NULL ? any_bytes : *media_type, request->content);
}

/* [control] The host reports which rule a route breaks: there is nothing to explain. */
static int32_t configure(void* state) {
    struct hello* const self = state;
    const mortise_route routes[] = {
        {.method = TEXT("GET"), .pattern = TEXT("/"), .handle = greet_world},
        {.method = TEXT("GET"), .pattern = TEXT("/{name}"), .handle = greet_name},
        {.method = TEXT("POST"),
         .pattern = TEXT("/"),
         .handle = echo,
         .flags = MORTISE_ROUTE_CONTENT,
         .content_limit = MOST_CONTENT},
    };
    for (size_t at = 0; at != sizeof routes / sizeof *routes; ++at) {
        mortise_route route = routes[at];
        route.size = sizeof route;
        route.user = self;
        const int32_t result = self->host->add_route(self->instance, &route);
        if (result != MORTISE_OK) {
            return result;
        }
    }
    return MORTISE_OK;
}

/* [control] */
static int32_t create(const mortise_host* host, mortise_instance* instance, void** state) {
    static const mortise_view reason = TEXT("there is no memory for the plugin's state");
    struct hello* const self = malloc(sizeof *self);
    if (self == NULL) {
        host->explain(instance, reason);
        return MORTISE_E_MEMORY;
    }
    self->host = host;
    self->instance = instance;
    *state = self;
    return MORTISE_OK;
}

MORTISE_NOTE("hello-c", "1.0.0");
MORTISE_EXPORT const struct mortise_plugin mortise_plugin = {
    .size = sizeof mortise_plugin,
    .abi_version = MORTISE_ABI_VERSION,
    .id = "hello-c",
    .version = "1.0.0",
    .create = create,
    .configure = configure,
    .destroy = free,
};
