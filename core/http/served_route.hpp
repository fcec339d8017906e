// SPDX-License-Identifier: BSL-1.0
// What an exchange knows of the route that serves it.
#pragma once

#include <string>

namespace mortise::observe {
class request_series;
}

namespace mortise::http {

// Owned by a route table.
struct served_route {
    std::string pattern;                        // for logs and metrics
    observe::request_series* counted = nullptr; // where its requests are counted; null: nowhere
};

} // namespace mortise::http
