// SPDX-License-Identifier: BSL-1.0
// The replaced operator new, whole: a sanitizer's own would come with a form that is missing.
#include "unit/http1/failing_allocation.hpp"

#include "unit/replaced_new.hpp"

#include <cstdlib>
#include <new>

namespace mortise::http1::test {

namespace {
thread_local allocation_fuse* counting = nullptr;
} // namespace

allocation_fuse::scope::scope(allocation_fuse* fuse) noexcept {
    counting = fuse;
}

allocation_fuse::scope::~scope() {
    counting = nullptr;
}

bool allocation_fuse::blows() noexcept {
    if (has_blown_ || left_-- != 0) {
        return false;
    }
    has_blown_ = true;
    return true;
}

} // namespace mortise::http1::test

#if NEW_MAY_BE_REPLACED

namespace mortise::http1::test {
namespace {
void* allocate_or_null(std::size_t size) noexcept {
    return counting != nullptr && counting->blows() ? nullptr : std::malloc(size != 0 ? size : 1);
}

void* allocate(std::size_t size) {
    void* const bytes = allocate_or_null(size);
    if (bytes == nullptr) {
        throw std::bad_alloc{};
    }
    return bytes;
}
} // namespace

} // namespace mortise::http1::test

void* operator new(std::size_t size) {
    return mortise::http1::test::allocate(size);
}
void* operator new[](std::size_t size) {
    return mortise::http1::test::allocate(size);
}
void* operator new(std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
    return mortise::http1::test::allocate_or_null(size);
}
void* operator new[](std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
    return mortise::http1::test::allocate_or_null(size);
}
void operator delete(void* bytes) noexcept {
    std::free(bytes);
}
void operator delete[](void* bytes) noexcept {
    std::free(bytes);
}
void operator delete(void* bytes, std::size_t) noexcept {
    std::free(bytes);
}
void operator delete[](void* bytes, std::size_t) noexcept {
    std::free(bytes);
}
void operator delete(void* bytes, const std::nothrow_t& /*tag*/) noexcept {
    std::free(bytes);
}
void operator delete[](void* bytes, const std::nothrow_t& /*tag*/) noexcept {
    std::free(bytes);
}

#endif
