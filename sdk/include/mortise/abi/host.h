/* SPDX-License-Identifier: BSL-1.0
 * What every handler needs of the host. It arrives in a table; a plugin imports nothing. All else
 * is in extensions, a header each in ext/.
 */
#ifndef MORTISE_ABI_HOST_H
#define MORTISE_ABI_HOST_H

#include "operation.h"
#include "request.h"

/* The handler waits: it may return MORTISE_PENDING, and its request stays valid until the exchange
 * is over. */
#define MORTISE_ROUTE_MAY_WAIT UINT32_C(1)
/* The handler is called when the request's content has arrived whole, and finds it in the request.
 */
#define MORTISE_ROUTE_CONTENT UINT32_C(2)
/* A client that leaves does not cancel the exchange; time that runs out and a host that stops do.
 */
#define MORTISE_ROUTE_KEEPS_ON UINT32_C(4)
/* A client that ends its side of the connection has left. Otherwise it may still be reading (RFC
 * 9112, 9.6), and leaves when it resets the connection. A streamed response always means this. */
#define MORTISE_ROUTE_HALF_CLOSE_LEAVES UINT32_C(8)

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
    uint64_t content_limit; /* bytes that the content may have; 0: the host's own limit */
} mortise_route;

typedef struct mortise_host {
    uint32_t size;
    uint32_t abi_version; /* the host's MORTISE_ABI_VERSION */
    mortise_view version; /* "0.1.0"; valid for the life of the instance */

    /* The table of an extension, "mortise.timer/1", or null where this host does not have it. [any]
     * It begins with `uint32_t size`, and is valid for the life of the instance. */
    const void* (*extension)(mortise_view name);

    /* Registers a route. [control] during configure only, else MORTISE_E_STATE. Copied. A pattern,
     * method or host that breaks the rules: MORTISE_E_INVALID, and the host reports which rule; a
     * plugin whose configure then fails need not explain it. */
    int32_t (*add_route)(mortise_instance* instance, const mortise_route* route);

    /* Says why the function of mortise_plugin that is running is about to fail. [control] or
     * [loop] in loop_start. The text is copied; the last one counts. */
    void (*explain)(mortise_instance* instance, mortise_view text);

    /* Answers an exchange, exactly once. [loop] MORTISE_OK, _E_INVALID (the request is answered
     * with 500, the fault is logged), _E_STATE, _E_THREAD, _E_CANCELLED, _E_MEMORY (the request is
     * answered with 503). After _E_INVALID, _E_CANCELLED and _E_MEMORY too the exchange is over:
     * its handler returns MORTISE_REPLIED. */
    int32_t (*reply)(mortise_exchange exchange, const mortise_reply* reply);

    /* Memory that lives until the exchange is over, and where that happens while the host calls the
     * plugin, until that call returns. It cannot be given back before. [loop] Null: there is none,
     * or no more that this request may have, `alignment` is no power of two, or the exchange is not
     * held. */
    void* (*allocate)(mortise_exchange exchange, size_t size, size_t alignment);

    /* Lets the host call call(user) when it gives up on the exchange before it was answered: the
     * client left, its time is over, or the host stops. [loop] It is called once, never from within
     * a call that the plugin makes into the host, and not at all once the exchange is over. The
     * exchange still belongs to the plugin, which owes its reply(): that goes nowhere. A null
     * `call` takes the last one back. MORTISE_OK, _E_STATE, _E_THREAD; _E_CANCELLED: the host has
     * given up before, and will not call. */
    int32_t (*on_cancel)(mortise_exchange exchange, void (*call)(void* user), void* user);

    /* Ends a pending operation soon: its complete() runs with MORTISE_E_CANCELLED, unless it ended
     * in another way just before. [loop] Nothing happens where that is decided already. */
    void (*cancel)(mortise_operation* operation);
} mortise_host;

#endif
