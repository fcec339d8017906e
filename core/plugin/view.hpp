// SPDX-License-Identifier: BSL-1.0
// The border's views and ours, one into the other.
#pragma once

#include <mortise/abi/types.h>

#include <string_view>

namespace mortise::plugin {

inline mortise_view to_abi(std::string_view text) noexcept {
    return {text.data(), text.size()};
}

// A view that a plugin gave: null has no bytes, and no object is larger than PTRDIFF_MAX.
inline bool is_sound(mortise_view view) noexcept {
    return view.size == 0 || (view.data != nullptr && view.size <= PTRDIFF_MAX);
}

// Of a sound view.
inline std::string_view from_abi(mortise_view view) noexcept {
    return {view.data, view.size};
}

} // namespace mortise::plugin
