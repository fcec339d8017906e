// SPDX-License-Identifier: BSL-1.0
// Extension "mortise.state/1".
#include "plugin/extensions/extensions.hpp"
#include "plugin/hand_over.hpp"
#include "plugin/instance.hpp"

namespace mortise::plugin {
namespace {

std::int32_t offer(mortise_instance* of, const mortise_state_offer* offered) noexcept {
    if (of == nullptr || offered == nullptr) {
        return MORTISE_E_INVALID;
    }
    return instance::from_abi(of)->offer_state(*offered);
}

} // namespace

constexpr mortise_state state_extension{
    .size = sizeof(mortise_state), .reserved = 0, .offer = offer, .write = write_state};

} // namespace mortise::plugin
