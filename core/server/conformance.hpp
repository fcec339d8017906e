// SPDX-License-Identifier: BSL-1.0
// Whether a plugin keeps the border's rules while it is asked, left, replaced and ended.
#pragma once

#include "plugin/catalogue.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace mortise::server {

struct conformance {
    std::vector<std::string> routes; // that it registered: "GET /{name}"
    std::size_t requests = 0;        // that were answered
    std::size_t failed = 0;          // of these, with a status of 500 or more
    std::size_t left = 0;            // whose client did not wait
    std::size_t reloads = 0;         // generations that were replaced, and have gone
    std::vector<std::string> faults; // in clauses
};

// Serves the plugin by a host in a process of its own that ends at the first breach of the border,
// asks all its routes for GET, and replaces it by itself again and again. Takes some seconds, on
// loopback alone. [control]
conformance run_conformance(const plugin::catalogue::candidate& judged,
                            const plugin::configuration& values);

} // namespace mortise::server
