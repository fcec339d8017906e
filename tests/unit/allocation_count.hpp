// SPDX-License-Identifier: BSL-1.0
// How often this program has asked the heap for memory.
#pragma once

#include <cstddef>

// clang's thread sanitizer brings operators of its own, beside which a program can have none.
#define ALLOCATIONS_ARE_COUNTED true
#if defined(__clang__)
#if __has_feature(thread_sanitizer)
#undef ALLOCATIONS_ARE_COUNTED
#define ALLOCATIONS_ARE_COUNTED false
#endif
#endif

namespace mortise::test {

// Since the program began, in every thread.
std::size_t allocation_count() noexcept;

} // namespace mortise::test
