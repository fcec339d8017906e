// SPDX-License-Identifier: BSL-1.0
// The heap's functions, replaced by ones that count.
#include "unit/allocation_count.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {
std::atomic<std::size_t> allocations{0};
}

std::size_t mortise::test::allocation_count() noexcept {
    return allocations;
}

#if NEW_MAY_BE_REPLACED

void* operator new(std::size_t size) {
    ++allocations;
    if (void* const given = std::malloc(size == 0 ? 1 : size)) {
        return given;
    }
    throw std::bad_alloc{};
}

void operator delete(void* given) noexcept {
    std::free(given);
}

void operator delete(void* given, std::size_t) noexcept {
    std::free(given);
}

#endif
