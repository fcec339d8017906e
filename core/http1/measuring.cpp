// SPDX-License-Identifier: BSL-1.0
// Before the handler.
#include "http1/measuring.hpp"

#include "http1/exchange.hpp"
#include "http1/server_timing.hpp"
#include "http1/workspace.hpp"
#include "observe/request_metrics.hpp"

namespace mortise::http1 {

void measuring::handle(http::exchange& begun) noexcept {
    static_cast<exchange&>(begun).begin_measuring(workspace_.exact_now);
    if (workspace_.metrics != nullptr) {
        workspace_.metrics->begin_request();
    }
    if (workspace_.settings.server_timing) {
        server_timing::add_to(begun, workspace_.exact_now);
    }
    next_->handle(begun);
}

} // namespace mortise::http1
