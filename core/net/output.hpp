// SPDX-License-Identifier: BSL-1.0
// The bytes of answers on their way into one write.
#pragma once

#include "base/copy.hpp"

#include <cstddef>
#include <memory>
#include <string_view>

namespace mortise::net {

// A growing run of bytes that is written from the front at once and then used anew. Thread: its
// owner's. Growing may throw std::bad_alloc.
class output {
public:
    output() = default;

    // Room for at least `size` more bytes; commit() says how many of them were used.
    char* prepare(std::size_t size) {
        if (capacity_ - size_ < size) {
            grow(size);
        }
        return bytes_.get() + size_;
    }
    void commit(std::size_t size) noexcept { size_ += size; }

    [[gnu::always_inline]] void append(std::string_view text) {
        base::copy_text(prepare(text.size()), text);
        commit(text.size());
    }

    std::string_view view() const noexcept { return {bytes_.get(), size_}; }
    bool is_empty() const noexcept { return size_ == 0; }
    // Forgets the bytes from `size` on.
    void truncate(std::size_t size) noexcept { size_ = size; }
    std::size_t size() const noexcept { return size_; }
    // Forgets the bytes; gives memory back that only a rare large answer needed.
    void clear() noexcept {
        size_ = 0;
        if (capacity_ > kept_capacity) {
            bytes_.reset();
            capacity_ = 0;
        }
    }

private:
    static constexpr std::size_t kept_capacity = 256 * 1024;
    void grow(std::size_t size);

    std::unique_ptr<char[]> bytes_;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

} // namespace mortise::net
