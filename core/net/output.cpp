// SPDX-License-Identifier: BSL-1.0
// Growing an output.
#include "net/output.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace mortise::net {

void output::grow(std::size_t size) {
    constexpr std::size_t least = 16 * 1024;
    const std::size_t capacity = std::max({least, 2 * capacity_, size_ + size});
    std::unique_ptr<char[]> larger{new char[capacity]};
    if (size_ != 0) {
        std::memcpy(larger.get(), bytes_.get(), size_);
    }
    bytes_ = std::move(larger);
    capacity_ = capacity;
}

} // namespace mortise::net
