/* GET /my-plugin/{name} greets. */
#include <mortise/abi/plugin.h>

#include <stdlib.h>
#include <string.h>

/* Initialises a view with a literal. */
#define TEXT(literal)                                                                              \
    { literal, sizeof(literal) - 1 }

/* One for each instance. Handlers are called on several threads at once: nothing changes in it
 * behind create(). */
struct greeter {
    const mortise_host* host;
    mortise_instance* instance;
};

/* Answers 200, and gives what a handler returns then. The host copies the reply and all it names.
 */
static int32_t answer(const struct greeter* self, mortise_exchange exchange, mortise_view content) {
    const mortise_field fields[] = {{TEXT("Content-Type"), TEXT("text/plain; charset=utf-8")}};
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

/* [loop] GET /my-plugin/{name}: the route's only parameter. */
static int32_t greet(void* user, mortise_exchange exchange, const mortise_request* request) {
    const struct greeter* const self = user;
    static const mortise_view salutation = TEXT("Hello, ");
    static const mortise_view end = TEXT("!\n");
    const mortise_view name = request->parameters[0].value;
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
    return answer(self, exchange, content);
}

/* [control] The host reports which rule a route breaks: there is nothing to explain. */
static int32_t configure(void* state) {
    struct greeter* const self = state;
    const mortise_route route = {
        .size = sizeof route,
        .method = TEXT("GET"),
        .pattern = TEXT("/my-plugin/{name}"),
        .handle = greet,
        .user = self,
    };
    return self->host->add_route(self->instance, &route);
}

/* [control] */
static int32_t create(const mortise_host* host, mortise_instance* instance, void** state) {
    struct greeter* const self = malloc(sizeof *self);
    if (self == NULL) {
        return MORTISE_E_MEMORY;
    }
    self->host = host;
    self->instance = instance;
    *state = self;
    return MORTISE_OK;
}

MORTISE_NOTE("my-plugin", "0.1.0");
MORTISE_EXPORT const struct mortise_plugin mortise_plugin = {
    .size = sizeof mortise_plugin,
    .abi_version = MORTISE_ABI_VERSION,
    .id = "my-plugin",
    .version = "0.1.0",
    .create = create,
    .configure = configure,
    .destroy = free,
};
