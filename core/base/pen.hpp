// SPDX-License-Identifier: BSL-1.0
// Text put together piece by piece, in room that is there already.
#pragma once

#include "base/copy.hpp"

#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstring>
#include <limits>
#include <span>
#include <string_view>

namespace mortise::base {

// Copies text behind text, without a look at the room: it was prepared for all of it.
class pen {
public:
    explicit pen(char* at) noexcept : at_{at} {}

    [[gnu::always_inline]] pen& operator<<(std::string_view text) noexcept {
        at_ = copy_text(at_, text);
        return *this;
    }
    template <std::size_t Size>
    pen& operator<<(std::span<const char, Size> text) noexcept {
        std::memcpy(at_, text.data(), Size);
        at_ += Size;
        return *this;
    }
    pen& operator<<(std::same_as<char> auto letter) noexcept {
        *at_++ = letter;
        return *this;
    }
    // In decimal digits.
    template <std::unsigned_integral Number>
    [[gnu::always_inline]] pen& operator<<(Number number) noexcept {
        at_ = std::to_chars(at_, at_ + std::numeric_limits<Number>::digits10 + 1, number).ptr;
        return *this;
    }

    // Where the next text will stand.
    char* at() const noexcept { return at_; }

private:
    char* at_;
};

} // namespace mortise::base
