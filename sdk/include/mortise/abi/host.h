/* SPDX-License-Identifier: BSL-1.0
 * The host's functions. They arrive in this table; a plugin imports nothing.
 */
#ifndef MORTISE_ABI_HOST_H
#define MORTISE_ABI_HOST_H

#include "request.h"

/* Log levels. */
#define MORTISE_LOG_DEBUG 0
#define MORTISE_LOG_INFO 1
#define MORTISE_LOG_WARNING 2
#define MORTISE_LOG_ERROR 3

/* The handler waits: it may return MORTISE_PENDING, and its request stays valid until it replies.
 */
#define MORTISE_ROUTE_MAY_WAIT UINT32_C(1)
/* The handler is called when the request's content has arrived whole, and finds it in the request.
 */
#define MORTISE_ROUTE_CONTENT UINT32_C(2)

/* Handles one request. [loop] `user` is the route's. Returns MORTISE_REPLIED, _PENDING, _DECLINED
 * or a negative code: then the host answers 500 and logs it. */
typedef int32_t (*mortise_handle)(void* user, mortise_exchange exchange,
                                  const mortise_request* request);

typedef struct mortise_route {
    uint32_t size;
    uint32_t flags;       /* MORTISE_ROUTE_… */
    mortise_view method;  /* "GET"; GET serves HEAD too */
    mortise_view host;    /* "example.org", "*.example.org"; empty: every host */
    mortise_view pattern; /* "/", "/{name}", "/files/{path...}" */
    mortise_handle handle;
    void* user;             /* passed to handle; the plugin's, for the life of the instance */
    uint64_t content_limit; /* bytes, with MORTISE_ROUTE_CONTENT; 0: the host's own limit */
} mortise_route;

typedef struct mortise_host {
    uint32_t size;
    uint32_t abi_version; /* the host's MORTISE_ABI_VERSION */
    mortise_view version; /* "0.1.0"; valid for the life of the instance */

    /* Answers an exchange, exactly once. [loop] MORTISE_OK, _E_INVALID (the request is answered
     * with 500, the fault is logged), _E_STATE, _E_THREAD, _E_CANCELLED. After _E_INVALID and
     * _E_CANCELLED too the exchange is over: its handler returns MORTISE_REPLIED. */
    int32_t (*reply)(mortise_exchange exchange, const mortise_reply* reply);

    /* Runs call(argument) on `loop`, soon, from its event loop. [any] MORTISE_OK, or
     * MORTISE_E_CLOSED: then call will never run. `loop` is valid until its loop_stop returns. */
    int32_t (*post)(mortise_loop* loop, void (*call)(void* argument), void* argument);

    /* Writes a line to the host's log, with the plugin's id. [any] The text is copied. */
    void (*log)(mortise_instance* instance, uint32_t level, mortise_view text);

    /* The value of a key of this plugin's configuration; MORTISE_E_INVALID if it is not there.
     * [control] during create and configure. The view is valid for the life of the instance. */
    int32_t (*config)(mortise_instance* instance, mortise_view key, mortise_view* value);

    /* Registers a route. [control] during configure only, else MORTISE_E_STATE. Copied. A pattern,
     * method or host that breaks the rules: MORTISE_E_INVALID, and the host reports which rule; a
     * plugin whose configure then fails need not explain it. */
    int32_t (*add_route)(mortise_instance* instance, const mortise_route* route);

    /* Says why the function of mortise_plugin that is running is about to fail. [control] or
     * [loop] in loop_start. The text is copied; the last one counts. */
    void (*explain)(mortise_instance* instance, mortise_view text);
} mortise_host;

#endif
