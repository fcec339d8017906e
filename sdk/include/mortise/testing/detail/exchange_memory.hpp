// SPDX-License-Identifier: BSL-1.0
// Memory that is given back all at once, and shows who uses it afterwards.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>
#include <functional>
#include <new>
#include <string_view>
#include <utility>
#include <vector>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {
namespace detail {

#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool has_address_sanitizer = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr bool has_address_sanitizer = true;
#else
inline constexpr bool has_address_sanitizer = false;
#endif
#else
inline constexpr bool has_address_sanitizer = false;
#endif

// Each allocation stands alone, so that the address sanitizer sees where it ends. clear() fills
// all of it with 0xdd. The address sanitizer then gets it back and reports each use; without it,
// it is kept for a while and looked at again.
class exchange_memory {
public:
    exchange_memory() = default;
    exchange_memory(const exchange_memory&) = delete;
    exchange_memory& operator=(const exchange_memory&) = delete;
    exchange_memory(exchange_memory&& other) noexcept : blocks_{std::exchange(other.blocks_, {})} {}
    exchange_memory& operator=(exchange_memory&&) = delete;
    ~exchange_memory() {
        fill();
        give_back();
    }

    // At an address that nothing above `alignment` divides, as the server's may be. Null: it is no
    // power of two.
    void* allocate(std::size_t size, std::size_t alignment) {
        if (!std::has_single_bit(alignment)) {
            return nullptr;
        }
        const auto aligned = std::align_val_t{2 * std::max(alignment, sizeof(void*))};
        const std::size_t room = std::max<std::size_t>(size, 1);
        auto* const start = static_cast<unsigned char*>(::operator new(alignment + room, aligned));
        blocks_.push_back({start, start + alignment, room, aligned});
        return start + alignment;
    }

    std::string_view copy(std::string_view text) {
        auto* const at = static_cast<char*>(allocate(text.size(), 1));
        std::copy(text.begin(), text.end(), at);
        return {at, text.size()};
    }

    bool has(const void* address) const noexcept {
        return std::ranges::any_of(blocks_, [&](const block& each) {
            return std::greater_equal<>{}(address, static_cast<const void*>(each.at)) &&
                   std::less<>{}(address, static_cast<const void*>(each.at + each.size));
        });
    }

    // Makes it unusable: what was in it is gone.
    void clear() {
        fill();
        if constexpr (has_address_sanitizer) {
            give_back();
        }
    }

    // After clear(): whether somebody wrote to it since.
    bool was_written() const noexcept {
        return std::ranges::any_of(blocks_, [](const block& each) {
            return std::any_of(each.at, each.at + each.size,
                               [](unsigned char byte) { return byte != gone; });
        });
    }

private:
    static constexpr unsigned char gone = 0xdd;

    struct block {
        unsigned char* start; // of what was taken from the heap
        unsigned char* at;
        std::size_t size;
        std::align_val_t alignment;
    };

    void fill() noexcept {
        for (const block& each : blocks_) {
            std::memset(each.at, gone, each.size);
            asm volatile("" : : "r"(each.at) : "memory"); // or the compiler leaves the fill out
        }
    }
    void give_back() noexcept {
        for (const block& each : blocks_) {
            ::operator delete(each.start, each.alignment);
        }
        blocks_.clear();
    }

    std::vector<block> blocks_;
};

} // namespace detail
} // namespace testing
} // namespace sdk_v0
} // namespace mortise
