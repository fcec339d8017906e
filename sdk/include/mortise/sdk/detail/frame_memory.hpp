// SPDX-License-Identifier: BSL-1.0
// Where the frames of an exchange's coroutines come from: memory of the request.
#pragma once

#include <mortise/abi/host.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <new>

namespace mortise {
inline namespace sdk_v0 {
namespace detail {

// The host's memory of an exchange cannot be given back, so frames that end are kept for the next
// of their size: a loop that awaits one task after the other takes no more and more of it. Thread:
// the exchange's loop.
class frame_memory {
public:
    // `first`: memory of the exchange that is already taken, `size` bytes.
    frame_memory(const mortise_host& host, mortise_exchange exchange, void* first,
                 std::size_t size) noexcept
        : host_{host}, exchange_{exchange}, next_{static_cast<std::byte*>(first)}, left_{size} {}
    frame_memory(const frame_memory&) = delete;
    frame_memory& operator=(const frame_memory&) = delete;

    void* allocate(std::size_t size) {
        const std::size_t kind = kind_of(size);
        if (kind < free_.size() && (has_free_ >> kind & 1) != 0) {
            return take_free(kind);
        }
        const std::size_t rounded = (kind + 1) * step;
        if (rounded <= left_) {
            std::byte* const taken = next_;
            next_ += rounded;
            left_ -= rounded;
            return taken;
        }
        void* const more = host_.allocate(exchange_, rounded, alignof(std::max_align_t));
        if (more == nullptr) {
            throw std::bad_alloc{};
        }
        return more;
    }

    void give_back(void* memory, std::size_t size) noexcept {
        if (const std::size_t kind = kind_of(size); kind < free_.size()) {
            const std::uint32_t bit = std::uint32_t{1} << kind;
            free_[kind] = new (memory) block{(has_free_ & bit) != 0 ? free_[kind] : nullptr};
            has_free_ |= bit;
        }
    }

private:
    static constexpr std::size_t step = 64; // bytes; larger frames than 32 of it are used once

    struct block {
        block* next;
    };
    void* take_free(std::size_t kind) noexcept {
        block* const reused = free_[kind];
        free_[kind] = reused->next;
        if (reused->next == nullptr) {
            has_free_ &= ~(std::uint32_t{1} << kind);
        }
        return reused;
    }

    static std::size_t kind_of(std::size_t size) noexcept { return (size - 1) / step; }

    const mortise_host& host_;
    mortise_exchange exchange_;
    std::byte* next_;
    std::size_t left_;
    std::uint32_t has_free_ = 0;  // a bit for each kind
    std::array<block*, 32> free_; // one that has no bit is not written yet
};

} // namespace detail
} // namespace sdk_v0
} // namespace mortise
