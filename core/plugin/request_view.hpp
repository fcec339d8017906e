// SPDX-License-Identifier: BSL-1.0
// A request as a plugin reads it.
#pragma once

#include "http/exchange.hpp"

#include <mortise/abi/request.h>

#include <string_view>

namespace mortise::plugin {

// Fills `view` from the exchange; the arrays come from exchange.memory(). The texts live as long
// as the exchange's own (keep_request()), `content` as long as the caller says.
void view_request(http::exchange& exchange, std::string_view content, mortise_request& view);

} // namespace mortise::plugin
