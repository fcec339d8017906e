// SPDX-License-Identifier: BSL-1.0
// Exports a static of a template, which g++ makes one for the whole process: two generations share
// it, and the first one stays mapped for good.
#include "plain.h"

#include <atomic>

template <class T>
struct __attribute__((visibility("default"))) counter {
    static inline std::atomic<int> count{0}; // on any loop
};

static int32_t handle(void*, mortise_exchange exchange, const mortise_request*) {
    ++counter<int>::count;
    return plain_reply(exchange, "counted");
}

PLAIN_HANDLER("unique-symbols", 0, handle);
