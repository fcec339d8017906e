/* SPDX-License-Identifier: BSL-1.0
 * What a handler is given, and what it answers with.
 */
#ifndef MORTISE_ABI_REQUEST_H
#define MORTISE_ABI_REQUEST_H

#include "types.h"

/* One request, read-only, judged by the rules of RFC 9110 and 9112 before a handler sees it.
 * Valid until the handler returns; on a route with MORTISE_ROUTE_MAY_WAIT, as long as memory of
 * allocate() is. [loop] */
typedef struct mortise_request {
    uint32_t size;
    uint32_t field_count;
    uint32_t parameter_count;
    uint32_t version;            /* 10 for HTTP/1.0, 11 for HTTP/1.1 */
    mortise_view method;         /* "GET" */
    mortise_view target;         /* as received */
    mortise_view path;           /* dot segments removed, still percent-encoded */
    mortise_view query;          /* behind "?", as received */
    mortise_view authority;      /* host[:port]; empty only in HTTP/1.0 */
    const mortise_field* fields; /* in the order received */
    const mortise_field*
        parameters;         /* what the route's pattern took from the path, percent-decoded */
    int64_t content_length; /* bytes; -1 where the request does not say */
    mortise_view content;   /* whole, on a route with MORTISE_ROUTE_CONTENT; else empty */
    mortise_loop* loop;     /* the loop that this request belongs to */
    void* loop_state;       /* what loop_start returned for that loop */
    void* memory; /* on a route with MORTISE_ROUTE_MAY_WAIT: as if allocate() had given it, aligned
                   * for every type; elsewhere null */
    size_t memory_size; /* bytes of it, 1024 or more; elsewhere 0 */
} mortise_request;

/* An answer. Everything may live on the caller's stack: the host copies it before reply() returns,
 * but for the content if `release` is set: that is lent, and release(release_argument) is called
 * exactly once, on the request's loop, when the host needs it no more, also when the client has
 * left, and also when reply() refuses. The host writes Date, Content-Length and Connection. */
typedef struct mortise_reply {
    uint32_t size;
    uint32_t status; /* 200 to 599 */
    uint32_t field_count;
    uint32_t reserved; /* 0 */
    const mortise_field* fields;
    mortise_view content;
    void (*release)(void* release_argument); /* [loop]; may be null */
    void* release_argument;
} mortise_reply;

#endif
