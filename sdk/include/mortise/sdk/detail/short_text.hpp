// SPDX-License-Identifier: BSL-1.0
// Bytes that are built up piece by piece and seldom need the heap.
#pragma once

#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

namespace mortise {
inline namespace sdk_v0 {

// What text(), response::append() and log accept: text, a character or a whole number.
template <class Part>
concept text_part = std::convertible_to<const Part&, std::string_view> ||
                    (std::integral<Part> && !std::same_as<Part, bool>);

namespace detail {

// Up to Room bytes lie inside the object; more are a std::string's.
template <std::size_t Room>
class short_text {
public:
    short_text() noexcept {} // the room stays unwritten: clearing it would cost more than its use
    short_text(const short_text& other) { append(other.view()); }
    short_text(short_text&& other) noexcept
        : size_{std::exchange(other.size_, 0)}, spilled_{std::move(other.spilled_)} {
        if (!is_spilled()) {
            std::memcpy(room_, other.room_, size_);
        }
    }
    short_text& operator=(short_text other) noexcept {
        size_ = other.size_;
        spilled_ = std::move(other.spilled_);
        if (!is_spilled()) {
            std::memcpy(room_, other.room_, size_);
        }
        return *this;
    }
    ~short_text() = default;

    std::string_view view() const noexcept {
        return {is_spilled() ? spilled_.data() : room_, size_};
    }
    bool is_spilled() const noexcept { return size_ > Room; }

    // Inlined, so that the copy of a literal becomes a few moves.
    [[gnu::always_inline]] void append(std::string_view text) {
        if (size_ + text.size() > Room) [[unlikely]] {
            spill(text);
            return;
        }
        if (!text.empty()) { // an empty view may be null, which memcpy may not be given
            std::memcpy(room_ + size_, text.data(), text.size());
            size_ += text.size();
        }
    }

    void assign(std::string_view text) {
        size_ = 0;
        append(text);
    }

    // Takes the string over where it would not fit into the room.
    void assign(std::string&& text) {
        if (text.size() <= Room) {
            assign(std::string_view{text});
            return;
        }
        size_ = text.size();
        spilled_ = std::move(text);
    }

    // The spilled string, which is no longer part of this text.
    std::string release() noexcept {
        size_ = 0;
        return std::move(spilled_);
    }

private:
    [[gnu::noinline]] void spill(std::string_view text) {
        if (!is_spilled()) {
            std::string grown;
            grown.reserve(size_ + text.size());
            grown.append(room_, size_);
            spilled_ = std::move(grown);
        }
        spilled_.append(text);
        size_ = spilled_.size();
    }

    std::size_t size_ = 0;
    std::string spilled_;
    char room_[Room];
};

template <std::size_t Room, text_part Part>
[[gnu::always_inline]] inline void append_part(short_text<Room>& to, const Part& part) {
    if constexpr (std::convertible_to<const Part&, std::string_view>) {
        to.append(std::string_view{part});
    } else if constexpr (std::same_as<Part, char>) {
        to.append({&part, 1});
    } else {
        char digits[std::numeric_limits<Part>::digits10 + 2];
        const auto end = std::to_chars(digits, digits + sizeof digits, part).ptr;
        to.append({digits, static_cast<std::size_t>(end - digits)});
    }
}

} // namespace detail
} // namespace sdk_v0
} // namespace mortise
