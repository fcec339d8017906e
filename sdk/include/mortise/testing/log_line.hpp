// SPDX-License-Identifier: BSL-1.0
// A line that a plugin wrote to the log.
#pragma once

#include <mortise/abi/types.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {

// Field lines by name and value, in their order.
using field_lines = std::vector<std::pair<std::string, std::string>>;

struct log_line {
    std::uint32_t level = 0; // MORTISE_LOG_…
    std::string text;
    field_lines fields;
    mortise_exchange exchange = 0; // 0: about none
    std::string plugin;            // its id
};

} // namespace testing
} // namespace sdk_v0
} // namespace mortise
