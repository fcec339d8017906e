// SPDX-License-Identifier: BSL-1.0
// Extension "mortise.config/1".
#include "plugin/extensions/extensions.hpp"
#include "plugin/instance.hpp"
#include "plugin/view.hpp"

namespace mortise::plugin {
namespace {

std::int32_t find(mortise_instance* of, mortise_view key, mortise_view* value) noexcept {
    if (of == nullptr || value == nullptr || !is_sound(key)) {
        return MORTISE_E_INVALID;
    }
    return instance::from_abi(of)->find_value(from_abi(key), *value);
}

} // namespace

constexpr mortise_config config_extension{
    .size = sizeof(mortise_config), .reserved = 0, .find = find};

} // namespace mortise::plugin
