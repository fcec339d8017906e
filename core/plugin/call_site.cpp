// SPDX-License-Identifier: BSL-1.0
// Whose a call is.
#include "plugin/call_site.hpp"

#include "plugin/handler.hpp"

namespace mortise::plugin {

instance& entered_call::owner() const noexcept {
    return route() != nullptr ? route()->owner() : *static_cast<instance*>(const_cast<void*>(who_));
}

} // namespace mortise::plugin
