// SPDX-License-Identifier: BSL-1.0
// What a plugin may ask of an exchange while it holds it.
#pragma once

#include "plugin/exchange_table.hpp"

#include <mortise/abi/types.h>

#include <cstddef>
#include <cstdint>

namespace mortise::plugin {

// What a function of the border was called with. [any]
struct exchange_call {
    exchange_table::holding held; // nothing where it is refused
    std::int32_t refusal = MORTISE_OK;
};

// Reports that `function` was called for an exchange that this thread does not hold.
exchange_call refuse_call(mortise_exchange number, const char* function) noexcept;

// Finds the exchange that `function` was called for; a refusal is reported with its plugin.
inline exchange_call find_exchange(mortise_exchange number, const char* function) noexcept {
    if (const auto* const table = exchange_table::of_this_thread()) {
        if (const auto held = table->look_up(number); held.exchange != nullptr) {
            return {held, MORTISE_OK};
        }
    }
    return refuse_call(number, function);
}

// The host's functions of these names (mortise/abi/host.h).
void* allocate(mortise_exchange number, std::size_t size, std::size_t alignment) noexcept;
std::int32_t on_cancel(mortise_exchange number, void (*call)(void* user), void* user) noexcept;

} // namespace mortise::plugin
