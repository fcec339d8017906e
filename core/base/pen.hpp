// SPDX-License-Identifier: BSL-1.0
// Text put together piece by piece, in room that is there already.
#pragma once

#include "base/copy.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string_view>

namespace mortise::base {

namespace detail {
// "00" to "99".
inline constexpr auto digit_pairs = [] {
    std::array<std::array<char, 2>, 100> made{};
    for (std::size_t number = 0; number < made.size(); ++number) {
        made[number] = {static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
    }
    return made;
}();
} // namespace detail

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
    // In decimal digits, of which there are mostly few.
    template <std::unsigned_integral Number>
    [[gnu::always_inline]] pen& operator<<(Number number) noexcept {
        constexpr std::size_t most_digits = std::numeric_limits<Number>::digits10 + 1;
        const std::size_t value = number;
        if (value < 10) {
            return *this << static_cast<char>('0' + value);
        }
        if (value < 100) {
            return write_pair(value);
        }
        if (value < 1000) {
            *this << static_cast<char>('0' + value / 100);
            return write_pair(value % 100);
        }
        at_ = std::to_chars(at_, at_ + most_digits, value).ptr;
        return *this;
    }

    // Where the next text will stand.
    char* at() const noexcept { return at_; }

private:
    // The two digits of a number below 100.
    pen& write_pair(std::size_t number) noexcept {
        return *this << std::span{detail::digit_pairs[number]};
    }

    char* at_;
};

// Copies text behind text as far as there is room, and leaves the rest out. Also in a signal
// handler.
class bounded_pen {
public:
    explicit bounded_pen(std::span<char> room) noexcept : room_{room} {}

    bounded_pen& operator<<(std::string_view text) noexcept {
        const auto size = std::min(text.size(), room_.size() - size_);
        if (size != 0) { // else a text may be null
            std::memcpy(room_.data() + size_, text.data(), size);
        }
        size_ += size;
        return *this;
    }
    // In digits of this base, without a prefix.
    bounded_pen& write(std::uint64_t number, int base) noexcept {
        std::array<char, 64> digits{};
        const auto end =
            std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr;
        const auto size = static_cast<std::size_t>(end - digits.data());
        return *this << std::string_view{digits.data(), std::min(size, digits.size())};
    }
    bounded_pen& operator<<(std::unsigned_integral auto number) noexcept {
        return write(number, 10);
    }

    std::string_view text() const noexcept { return {room_.data(), size_}; }

private:
    std::span<char> room_;
    std::size_t size_ = 0;
};

} // namespace mortise::base
