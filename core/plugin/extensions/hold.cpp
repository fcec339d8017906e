// SPDX-License-Identifier: BSL-1.0
// Extension "mortise.hold/1".
#include "plugin/extensions/extensions.hpp"
#include "plugin/holds.hpp"
#include "plugin/instance.hpp"
#include "plugin/view.hpp"

#include <new>

namespace mortise::plugin {
namespace {

std::int32_t hold(mortise_instance* of, mortise_view reason, std::uint64_t* number) noexcept {
    if (of == nullptr) {
        return MORTISE_E_INVALID;
    }
    if (number == nullptr || !is_sound(reason) || reason.size == 0) {
        instance::from_abi(of)->report_fault(
            "hold(): there is no room for the number, or no reason");
        return MORTISE_E_INVALID;
    }
    try {
        const auto taken = holds::take(instance::from_abi(of)->ordinal(), from_abi(reason));
        if (!taken) {
            return MORTISE_E_CLOSED;
        }
        *number = *taken;
        return MORTISE_OK;
    } catch (const std::bad_alloc&) {
        return MORTISE_E_MEMORY;
    }
}

// The instance is not looked at: it may be gone where a plugin releases too late.
std::int32_t release(mortise_instance*, std::uint64_t number) noexcept {
    return holds::release(number) ? MORTISE_OK : MORTISE_E_STATE;
}

} // namespace

constexpr mortise_hold hold_extension{
    .size = sizeof(mortise_hold), .reserved = 0, .hold = hold, .release = release};

} // namespace mortise::plugin
