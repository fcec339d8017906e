/* SPDX-License-Identifier: BSL-1.0
 * Extension "mortise.content/1": a request's content piece by piece, and a response that is
 * streamed. Both go only as fast as the other side does.
 */
#ifndef MORTISE_ABI_EXT_CONTENT_H
#define MORTISE_ABI_EXT_CONTENT_H

#include "../operation.h"
#include "../request.h"

#define MORTISE_CONTENT_EXTENSION "mortise.content/1"

/* The length of a response that is not known when it begins. */
#define MORTISE_LENGTH_UNKNOWN INT64_C(-1)

/* For exchanges of routes with MORTISE_ROUTE_MAY_WAIT. Every function [loop]; besides what is
 * said, each returns MORTISE_E_THREAD on another thread, and _E_STATE where the exchange is over or
 * the call is out of order. */
typedef struct mortise_content {
    uint32_t size;
    uint32_t reserved;

    /* A start function: puts the next piece of the request's content, at most `size` bytes, into
     * `into`, which the host may write to until it is over; one read at a time. MORTISE_OK:
     * operation->result bytes came, 0 at the end. MORTISE_E_CONTENT: no more will come, since the
     * content is broken, too large or too slow; result is the status code that says so.
     * MORTISE_E_CANCELLED: the client left, or the read was cancelled: then no byte is lost. */
    int32_t (*read)(mortise_exchange exchange, char* into, size_t size,
                    mortise_operation* operation);

    /* Begins the response: status and fields of `head`, which has no content; `length` bytes of it,
     * or an unknown number, come by write(). Instead of reply(). MORTISE_OK; _E_INVALID: nothing
     * was sent, the fault is logged, reply() is still owed; _E_CANCELLED: nothing will reach the
     * client, end() is still owed. */
    int32_t (*begin)(mortise_exchange exchange, const mortise_reply* head, int64_t length);

    /* A start function: writes a piece of the content, which stays as it is until this is over;
     * one write at a time. MORTISE_OK: the host needs the piece no more, and takes the next.
     * MORTISE_E_CANCELLED: it did not reach the client. A pending write that is cancelled breaks
     * the response off. */
    int32_t (*write)(mortise_exchange exchange, mortise_view piece, mortise_operation* operation);

    /* Ends the response; the exchange is over. No operation of it may be pending. */
    int32_t (*end)(mortise_exchange exchange);

    /* Ends it so that the client can tell that something is missing (RFC 9112, 8). */
    int32_t (*break_off)(mortise_exchange exchange);
} mortise_content;

#endif
