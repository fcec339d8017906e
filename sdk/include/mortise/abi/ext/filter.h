/* SPDX-License-Identifier: BSL-1.0
 * Extension "mortise.filter/1": what stands before all routes. A filter sees each request before it
 * is routed, and the head of each response behind that.
 */
#ifndef MORTISE_ABI_EXT_FILTER_H
#define MORTISE_ABI_EXT_FILTER_H

#include "../host.h"

#define MORTISE_FILTER_EXTENSION "mortise.filter/1"

/* A response on its way to the client, the host's; valid until on_response returns. */
typedef struct mortise_response mortise_response;

/* What a filter reads of it. Valid until on_response returns; changes do not show in it. */
typedef struct mortise_response_head {
    uint32_t size;
    uint32_t status;
    uint32_t field_count;
    uint32_t reserved;
    const mortise_field* fields; /* without those that the host writes: Date, Content-Length, … */
    int64_t content_length;      /* bytes; -1 where the response is streamed without saying */
    const mortise_request* request; /* as on_request saw it: without parameters and content */
    void* remembered;               /* what remember() was given; null where it was not called */
} mortise_response_head;

/* [loop] Sees the response of a request that the filter let go on, whoever made it; of a streamed
 * one the head. `user` is the filter's. */
typedef void (*mortise_on_response)(void* user, mortise_response* response,
                                    const mortise_response_head* head);

typedef struct mortise_filter {
    uint32_t size;
    uint32_t flags;    /* MORTISE_ROUTE_MAY_WAIT, MORTISE_ROUTE_HALF_CLOSE_LEAVES, or 0 */
    mortise_view name; /* "bearer": [a-z][a-z0-9-]*, by which the operator puts filters in order */
    /* [loop] As a route's handle: MORTISE_DECLINED lets the request go on, MORTISE_REPLIED answers
     * it; MORTISE_PENDING: either comes later, by go_on() or reply(). Null: every request goes on.
     */
    mortise_handle on_request;
    mortise_on_response on_response; /* null: responses pass as they are */
    void* user; /* passed to both; the plugin's, for the life of the instance */
} mortise_filter;

typedef struct mortise_filter_calls {
    uint32_t size;
    uint32_t reserved;

    /* Registers a filter. [control] during configure only, else MORTISE_E_STATE. Copied. What
     * breaks the rules: MORTISE_E_INVALID, and the host reports which rule. It runs where the
     * operator names it. */
    int32_t (*add)(mortise_instance* instance, const mortise_filter* filter);

    /* Lets a request go on that on_request holds. [loop] The exchange is over for the filter; what
     * comes next runs within this call. MORTISE_OK, _E_STATE, _E_THREAD; _E_CANCELLED: the host has
     * given up on the exchange, and nothing comes next. */
    int32_t (*go_on)(mortise_exchange exchange);

    /* What on_response finds in its head as `remembered`: memory of the exchange (allocate()), for
     * one. [loop] While on_request holds the exchange. MORTISE_OK, _E_STATE, _E_THREAD. */
    int32_t (*remember)(mortise_exchange exchange, void* value);

    /* Change the response. [loop] Within on_response, of its own response; else MORTISE_E_STATE.
     * Names and values are copied, and judged as those of a reply are: MORTISE_E_INVALID changes
     * nothing and is reported. */

    /* 200 to 599; a status without content (204, 304) stays one, and no other becomes one. */
    int32_t (*set_status)(mortise_response* response, uint32_t status);
    /* Replaces every field of that name, or adds it. */
    int32_t (*set_field)(mortise_response* response, mortise_view name, mortise_view value);
    int32_t (*add_field)(mortise_response* response, mortise_view name, mortise_view value);
    /* Every field of that name; MORTISE_OK also where there is none. */
    int32_t (*remove_field)(mortise_response* response, mortise_view name);
} mortise_filter_calls;

#endif
