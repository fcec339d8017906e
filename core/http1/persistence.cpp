// SPDX-License-Identifier: BSL-1.0
// Reading the Connection field's list.
#include "http1/persistence.hpp"

#include "base/ascii.hpp"

namespace mortise::http1 {

void add_options(std::string_view value, connection_options& options) noexcept {
    while (!value.empty()) {
        const auto comma = value.find(',');
        const auto option = base::trim(value.substr(0, comma));
        options.close = options.close || base::equal_ignoring_case(option, "close");
        options.keep_alive = options.keep_alive || base::equal_ignoring_case(option, "keep-alive");
        value.remove_prefix(comma == value.npos ? value.size() : comma + 1);
    }
}

} // namespace mortise::http1
