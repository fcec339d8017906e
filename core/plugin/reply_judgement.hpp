// SPDX-License-Identifier: BSL-1.0
// A plugin's reply: judged where the border can judge it, then turned into a response.
#pragma once

#include "base/arena.hpp"
#include "http/response.hpp"

#include <mortise/abi/request.h>

#include <string_view>

namespace mortise::plugin {

// The rule of the border that `reply` breaks; empty where it breaks none. What HTTP asks of names
// and values is the exchange's to judge.
std::string_view broken_rule(const mortise_reply* reply) noexcept;

// Of a reply that breaks no rule; the list of fields is in `memory`, all else stays the plugin's.
http::response to_response(const mortise_reply& reply, base::arena& memory);

// Releases lent content that will not be sent, on this thread, before reply() returns.
void give_back_content(const mortise_reply* reply) noexcept;

} // namespace mortise::plugin
