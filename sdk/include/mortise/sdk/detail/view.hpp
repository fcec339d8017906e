// SPDX-License-Identifier: BSL-1.0
// Between the border's views and the standard library's.
#pragma once

#include <mortise/abi/types.h>

#include <string_view>

namespace mortise {
inline namespace sdk_v0 {
namespace detail {

constexpr std::string_view from_abi(mortise_view view) noexcept {
    return {view.data, view.size};
}

constexpr mortise_view to_abi(std::string_view text) noexcept {
    return {text.data(), text.size()};
}

} // namespace detail
} // namespace sdk_v0
} // namespace mortise
