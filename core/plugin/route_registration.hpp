// SPDX-License-Identifier: BSL-1.0
// Judging what a plugin registers, before it is believed.
#pragma once

#include "plugin/handler.hpp"
#include "plugin/load_error.hpp"

#include <mortise/abi/host.h>

namespace mortise::plugin {

// A copy of `asked`, or the rule that it breaks.
judged<route> copy_route(const mortise_route& asked);

} // namespace mortise::plugin
