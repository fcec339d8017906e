// SPDX-License-Identifier: BSL-1.0
// A filter that lets an exception out for each request.
#include "plain.h"

#include <mortise/abi/ext/filter.h>

static int32_t on_request(void*, mortise_exchange, const mortise_request*) {
    throw 42;
}

static int32_t configure(void*) {
    mortise_filter filter{};
    filter.size = sizeof filter;
    filter.name = plain_view("bad");
    filter.on_request = on_request;
    const auto* const filters =
        static_cast<const mortise_filter_calls*>(plain_extension(MORTISE_FILTER_EXTENSION));
    return filters->add(self, &filter);
}

PLAIN_PLUGIN("throwing-filter", plain_create, configure);
