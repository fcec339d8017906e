// SPDX-License-Identifier: BSL-1.0
// What plugins have come to since the host began, whichever generation of them it was.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace mortise::plugin {

// [any]
struct tally {
    std::atomic<std::uint64_t> faults{0};       // rules of the border broken, loops held
    std::atomic<std::uint64_t> turned_away{0};  // requests answered in the place of the plugin
    std::atomic<std::uint64_t> pool_refused{0}; // pieces of work that the pool did not take
    std::atomic<std::uint64_t> log_lines_left_out{0}; // beyond what its limit lets through
};

// By plugin id. Its entries stay where they are, as long as the host. [control]
using tally_table = std::map<std::string, tally, std::less<>>;

} // namespace mortise::plugin
