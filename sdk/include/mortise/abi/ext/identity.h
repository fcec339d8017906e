/* SPDX-License-Identifier: BSL-1.0
 * Extension "mortise.identity/1": by what a request is known beyond the host, and whom it comes
 * from.
 */
#ifndef MORTISE_ABI_EXT_IDENTITY_H
#define MORTISE_ABI_EXT_IDENTITY_H

#include "filter.h"

#define MORTISE_IDENTITY_EXTENSION "mortise.identity/1"

/* The plugin makes it and sets `size`; the host writes the members that this covers, and sets it to
 * those that it has written. The views are the host's, and valid as long as the request is: until
 * the handler or on_response returns, on a route with MORTISE_ROUTE_MAY_WAIT until the exchange is
 * over, also when the client has left. */
typedef struct mortise_identity {
    uint32_t size;
    /* Of the trace: bit 0 says that the caller records it. 0 where there is no trace. */
    uint32_t trace_flags;
    /* As in the access log: 128 random bits in hexadecimal digits, or what a trusted proxy calls
     * the request: 1 to 128 letters, digits and "-._~+/=:@". Never empty. */
    mortise_view request_id;
    /* The traceparent field by which the trace goes on at whoever is asked next (W3C Trace Context,
     * 3.2), in version 00: 55 characters. Empty where the request has none that keeps its rules:
     * the host begins no trace. */
    mortise_view traceparent;
    mortise_view trace_id;  /* of it: 32 hexadecimal digits */
    mortise_view parent_id; /* of it: 16 hexadecimal digits */
    /* "192.0.2.1", "2001:db8::1", without port; "unix" for a client at a unix socket; empty where
     * nothing is known. Behind trusted proxies and by the PROXY protocol, what these say. */
    mortise_view client_address;
} mortise_identity;

typedef struct mortise_identity_calls {
    uint32_t size;
    uint32_t reserved;

    /* Both write to *into, and the same for the life of the request, which is made when it is asked
     * for first. MORTISE_OK; _E_INVALID: `into` is null or its size is smaller than
     * mortise_identity of this header; _E_MEMORY. */

    /* Of an exchange that the plugin holds. [loop] _E_STATE, _E_THREAD. */
    int32_t (*of_exchange)(mortise_exchange exchange, mortise_identity* into);
    /* Of the request behind a response. [loop] Within on_response, of its own; else _E_STATE. */
    int32_t (*of_response)(mortise_response* response, mortise_identity* into);
} mortise_identity_calls;

#endif
