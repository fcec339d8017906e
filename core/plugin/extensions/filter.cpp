// SPDX-License-Identifier: BSL-1.0
// Extension "mortise.filter/1".
#include "plugin/filter.hpp"

#include "plugin/extensions/extensions.hpp"
#include "plugin/filtered_response.hpp"
#include "plugin/instance.hpp"

namespace mortise::plugin {
namespace {

std::int32_t add(mortise_instance* of, const mortise_filter* filter) noexcept {
    if (of == nullptr || filter == nullptr) {
        return MORTISE_E_INVALID;
    }
    return instance::from_abi(of)->add_filter(*filter);
}

} // namespace

constexpr mortise_filter_calls filter_extension{.size = sizeof(mortise_filter_calls),
                                                .reserved = 0,
                                                .add = add,
                                                .go_on = go_on,
                                                .remember = remember,
                                                .set_status = set_status,
                                                .set_field = set_field,
                                                .add_field = add_field,
                                                .remove_field = remove_field};

} // namespace mortise::plugin
