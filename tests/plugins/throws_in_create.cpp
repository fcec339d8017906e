// SPDX-License-Identifier: BSL-1.0
// Lets an exception out of create.
#include "plain.h"

#include <stdexcept>

static int32_t create(const mortise_host*, mortise_instance*, void**) {
    throw std::runtime_error{"the model file is missing"};
}

PLAIN_PLUGIN("throws-in-create", create, [](void*) -> int32_t { return MORTISE_OK; });
