// SPDX-License-Identifier: BSL-1.0
// Memory that lives as long as one exchange: taken by moving a pointer, given back all at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>

namespace mortise::base {

// Owns one first block inside itself and, only when that is used up, further blocks from the heap.
// Nothing taken from it is destroyed, so it holds trivially destructible objects only.
// Thread: that of its owner. A failed heap allocation throws std::bad_alloc, and so does a size
// above max_size, and what goes beyond limit_heap().
//
//   first_   [ used ......... | free ............ ]
//   more_ -> [ header | used | free ] -> [ header | used ] -> null
class arena {
public:
    static constexpr std::size_t first_size = 2048;
    static constexpr std::size_t max_size = PTRDIFF_MAX / 2; // of one piece

    arena() noexcept = default;
    arena(const arena&) = delete;
    arena& operator=(const arena&) = delete;
    ~arena() { release(); }

    // `size` bytes at an address that `align` (a power of two) divides; valid until release().
    void* allocate(std::size_t size, std::size_t align) {
        auto* const start = reinterpret_cast<std::byte*>(
            (reinterpret_cast<std::uintptr_t>(next_) + align - 1) & ~(align - 1));
        if (start > end_ || size > static_cast<std::size_t>(end_ - start)) {
            return allocate_from_new_block(size, align);
        }
        next_ = start + size;
        return start;
    }

    // Uninitialised room for `count` objects.
    template <class T>
    std::span<T> array(std::size_t count) {
        static_assert(std::is_trivially_destructible_v<T>);
        const std::size_t size = count <= max_size / sizeof(T) ? count * sizeof(T) : SIZE_MAX;
        return {static_cast<T*>(allocate(size, alignof(T))), count};
    }

    // A copy of `text`; valid until release().
    std::string_view copy(std::string_view text) {
        if (text.empty()) {
            return {};
        }
        auto* const to = static_cast<char*>(allocate(text.size(), 1));
        std::memcpy(to, text.data(), text.size());
        return {to, text.size()};
    }

    // Whether that is memory of it.
    bool holds(const void* address) const noexcept;

    // From now on at most `bytes` come from the heap, until release(). The first limit stays.
    void limit_heap(std::size_t bytes) noexcept {
        heap_left_ = heap_left_ == no_limit ? bytes : heap_left_;
    }

    // Takes everything back; the first block is kept.
    void release() noexcept {
        heap_left_ = no_limit;
        if (more_ != nullptr) {
            free_blocks();
        }
        next_ = first_;
        end_ = first_ + first_size;
    }

private:
    static constexpr std::size_t no_limit = SIZE_MAX;

    struct block {
        block* next;
        std::size_t size; // behind this
    };

    void* allocate_from_new_block(std::size_t size, std::size_t align);
    void free_blocks() noexcept;

    alignas(std::max_align_t) std::byte first_[first_size];
    std::byte* next_ = first_;
    std::byte* end_ = first_ + first_size;
    block* more_ = nullptr;
    std::size_t heap_left_ = no_limit;
};

} // namespace mortise::base
