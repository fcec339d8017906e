// SPDX-License-Identifier: BSL-1.0
// How often this program has asked the heap for memory.
#pragma once

#include "unit/replaced_new.hpp"

#include <cstddef>

namespace mortise::test {

// Since the program began, in every thread.
std::size_t allocation_count() noexcept;

} // namespace mortise::test
