// SPDX-License-Identifier: BSL-1.0
// Extension "mortise.loop/1".
#include "plugin/extensions/extensions.hpp"
#include "plugin/loop_handle.hpp"

#include <new>

namespace mortise::plugin {
namespace {

std::int32_t post(mortise_loop* loop, void (*call)(void*), void* argument) noexcept {
    if (loop == nullptr || call == nullptr) {
        return MORTISE_E_INVALID;
    }
    try {
        return loop_handle::from_abi(loop)->post(call, argument) ? MORTISE_OK : MORTISE_E_CLOSED;
    } catch (const std::bad_alloc&) {
        return MORTISE_E_MEMORY;
    }
}

} // namespace

constexpr mortise_loop_calls loop_extension{
    .size = sizeof(mortise_loop_calls), .reserved = 0, .post = post};

} // namespace mortise::plugin
