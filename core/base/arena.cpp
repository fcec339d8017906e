// SPDX-License-Identifier: BSL-1.0
// The rare way of an arena: blocks from the heap.
#include "base/arena.hpp"

#include <algorithm>
#include <utility>

namespace mortise::base {

void* arena::allocate_from_new_block(std::size_t size, std::size_t align) {
    constexpr std::size_t least = 2 * first_size;
    if (size > max_size) {
        throw std::bad_alloc{}; // the sum below would wrap
    }
    const std::size_t room = std::max(size + align, least);
    if (sizeof(block) + room > heap_left_) {
        throw std::bad_alloc{};
    }
    auto* const raw = static_cast<std::byte*>(::operator new(sizeof(block) + room));
    if (heap_left_ != no_limit) {
        heap_left_ -= sizeof(block) + room;
    }
    more_ = new (raw) block{more_, room};
    next_ = raw + sizeof(block);
    end_ = next_ + room;
    return allocate(size, align);
}

bool arena::holds(const void* address) const noexcept {
    const auto is_in = [address](const void* begin, std::size_t size) {
        return reinterpret_cast<std::uintptr_t>(address) - reinterpret_cast<std::uintptr_t>(begin) <
               size;
    };
    bool is_found = is_in(first_, first_size);
    for (const block* each = more_; each != nullptr && !is_found; each = each->next) {
        is_found = is_in(each + 1, each->size);
    }
    return is_found;
}

void arena::free_blocks() noexcept {
    while (more_ != nullptr) {
        ::operator delete(std::exchange(more_, more_->next));
    }
}

} // namespace mortise::base
