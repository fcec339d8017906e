// SPDX-License-Identifier: BSL-1.0
// Heap allocations that fail when a test says so; it replaces operator new of its whole program.
#pragma once

#include <cstddef>

namespace mortise::http1::test {

// Counts the allocations within its scopes and lets one of them throw std::bad_alloc.
class allocation_fuse {
public:
    explicit allocation_fuse(std::size_t allocation) noexcept : left_{allocation} {}
    bool has_blown() const noexcept { return has_blown_; }

    // Where the allocations of this thread are counted. Null: they are not.
    class scope {
    public:
        explicit scope(allocation_fuse* fuse) noexcept;
        ~scope();
        scope(const scope&) = delete;
        scope& operator=(const scope&) = delete;
    };

    // For operator new: whether this allocation is the one.
    bool blows() noexcept;

private:
    std::size_t left_;
    bool has_blown_ = false;
};

} // namespace mortise::http1::test
