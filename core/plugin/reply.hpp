// SPDX-License-Identifier: BSL-1.0
// How a plugin answers.
#pragma once

#include "http/exchange.hpp"
#include "http/response.hpp"

#include <mortise/abi/ext/file.h>
#include <mortise/abi/request.h>

#include <cstdint>

namespace mortise::plugin {

// Reads status and fields of a plugin's reply, judged by the border's rules, into `head`; the
// fields' views are put into the exchange's memory. Returns the rule that it breaks; nullptr where
// it breaks none. [loop] May throw std::bad_alloc.
const char* read_head(http::exchange& exchange, const mortise_reply* reply, http::response& head);

// The host's reply(): finds the exchange in the calling thread's table, uses its number up, judges
// the reply and answers. Lent content of a reply that is refused is released on the calling thread
// before this returns. Codes of mortise_host; every refusal is reported with its plugin. [any]
std::int32_t reply(mortise_exchange number, const mortise_reply* reply) noexcept;

// The same for mortise_file: the content is a range of a file, judged here too.
std::int32_t reply_with_file(mortise_exchange number, const mortise_reply* head,
                             const mortise_file_range* range) noexcept;

} // namespace mortise::plugin
