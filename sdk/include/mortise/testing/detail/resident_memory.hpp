// SPDX-License-Identifier: BSL-1.0
// How much memory this process has in use.
#pragma once

#include <cstddef>
#include <fstream>
#include <unistd.h>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {
namespace detail {

// Bytes that are resident.
inline std::size_t resident_memory() {
    std::ifstream pages{"/proc/self/statm"};
    std::size_t size = 0;
    std::size_t resident = 0;
    pages >> size >> resident;
    return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

} // namespace detail
} // namespace testing
} // namespace sdk_v0
} // namespace mortise
