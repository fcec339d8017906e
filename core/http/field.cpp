// SPDX-License-Identifier: BSL-1.0
// Finding a field.
#include "http/field.hpp"

#include "base/ascii.hpp"

#include <algorithm>

namespace mortise::http {

const field* find_field(std::span<const field> fields, std::string_view name) noexcept {
    const auto found = std::find_if(fields.begin(), fields.end(), [name](const field& one) {
        return base::equal_ignoring_case(one.name, name);
    });
    return found == fields.end() ? nullptr : &*found;
}

} // namespace mortise::http
