// SPDX-License-Identifier: BSL-1.0
// How a plugin answers.
#pragma once

#include <mortise/abi/request.h>

#include <cstdint>

namespace mortise::plugin {

// The host's reply(): finds the exchange in the calling thread's table, uses its number up, judges
// the reply and answers. Lent content of a reply that is refused is released on the calling thread
// before this returns. Codes of mortise_host; every refusal is reported with its plugin. [any]
std::int32_t reply(mortise_exchange number, const mortise_reply* reply) noexcept;

} // namespace mortise::plugin
