/* SPDX-License-Identifier: BSL-1.0
 * Two filters and a route behind them: `outer` counts on both ways and remembers, `inner` does what
 * the path asks for.
 */
#include "plain.h"

#include <mortise/abi/ext/filter.h>
#include <mortise/abi/ext/timer.h>

static const mortise_filter_calls* filters;
static char gone[64]; /* no response of the host */

static int is(mortise_view view, const char* text) {
    return view.size == strlen(text) && memcmp(view.data, text, view.size) == 0;
}

static int32_t handle(void* user, mortise_exchange exchange, const mortise_request* request) {
    (void)user;
    if (is(request->path, "/go-on-in-a-route")) {
        filters->go_on(exchange);
    }
    return plain_reply(exchange, "from the route");
}

static int32_t outer_request(void* user, mortise_exchange exchange,
                             const mortise_request* request) {
    char* const kept = (char*)host->allocate(exchange, request->path.size, 1);
    (void)user;
    memcpy(kept, request->path.data, request->path.size);
    filters->remember(exchange, kept);
    return MORTISE_DECLINED;
}

static void outer_response(void* user, mortise_response* response,
                           const mortise_response_head* head) {
    const mortise_view remembered = {(const char*)head->remembered, head->request->path.size};
    (void)user;
    filters->add_field(response, plain_view("X-Remembered"), remembered);
    filters->add_field(response, plain_view("X-Order"), plain_view("outer"));
}

/* In the memory of its exchange. */
struct pause {
    mortise_operation operation;
    mortise_exchange exchange;
};

static void go_on(mortise_operation* completed, int32_t status) {
    (void)status;
    filters->go_on(((struct pause*)completed->user)->exchange);
}

static int32_t wait(mortise_exchange exchange) {
    const mortise_timer* const timer =
        (const mortise_timer*)plain_extension(MORTISE_TIMER_EXTENSION);
    struct pause* const made = (struct pause*)host->allocate(exchange, sizeof *made, 16);
    made->exchange = exchange;
    made->operation.size = sizeof made->operation;
    made->operation.complete = go_on;
    made->operation.user = made;
    return timer->wait(self, timer->now(self) + 1000000, &made->operation);
}

static void log_cancel(void* user) {
    (void)user;
    plain_log(MORTISE_LOG_ERROR, plain_view("a filter was told of what it holds no more"));
}

static int32_t inner_request(void* user, mortise_exchange exchange,
                             const mortise_request* request) {
    (void)user;
    host->on_cancel(exchange, log_cancel, NULL);
    if (is(request->path, "/answered")) {
        return plain_reply(exchange, "from the filter");
    }
    if (is(request->path, "/waits")) {
        return wait(exchange);
    }
    if (is(request->path, "/never")) {
        return MORTISE_PENDING;
    }
    if (is(request->path, "/fails")) {
        return MORTISE_E_FAILED;
    }
    if (is(request->path, "/nothing")) {
        return MORTISE_REPLIED;
    }
    return MORTISE_DECLINED;
}

static void inner_response(void* user, mortise_response* response,
                           const mortise_response_head* head) {
    const mortise_view path = head->request->path;
    (void)user;
    filters->add_field(response, plain_view("X-Order"), plain_view("inner"));
    if (is(path, "/changed")) {
        filters->set_status(response, 203);
        filters->set_field(response, plain_view("content-type"), plain_view("text/html"));
    } else if (is(path, "/removed")) {
        filters->remove_field(response, plain_view("Content-TYPE"));
    } else if (is(path, "/faults")) {
        filters->set_status(response, 204);
        filters->set_status(response, 99);
        filters->set_field(response, plain_view("X-A"), plain_view("a\r\nX-Evil: 1"));
        filters->set_field(response, plain_view("no token"), plain_view("a"));
        filters->add_field(response, plain_view("Content-Length"), plain_view("5"));
        filters->add_field(response, plain_view("Transfer-Encoding"), plain_view("chunked"));
    } else if (is(path, "/foreign")) {
        if (filters->set_status((mortise_response*)gone, 500) != MORTISE_E_STATE) {
            plain_log(MORTISE_LOG_ERROR, plain_view("what is no response was changed"));
        }
    }
}

static int32_t add_filter(const char* name, uint32_t flags, mortise_handle on_request,
                          mortise_on_response on_response) {
    mortise_filter filter;
    memset(&filter, 0, sizeof filter);
    filter.size = sizeof filter;
    filter.flags = flags;
    filter.name = plain_view(name);
    filter.on_request = on_request;
    filter.on_response = on_response;
    return filters->add(self, &filter);
}

static int32_t configure(void* state) {
    (void)state;
    filters = (const mortise_filter_calls*)plain_extension(MORTISE_FILTER_EXTENSION);
    add_filter("outer", 0, outer_request, outer_response);
    add_filter("inner", MORTISE_ROUTE_MAY_WAIT | MORTISE_ROUTE_HALF_CLOSE_LEAVES, inner_request,
               inner_response);
    return plain_route("GET", "/{path}", MORTISE_ROUTE_MAY_WAIT, handle);
}

PLAIN_PLUGIN("filters", plain_create, configure);
