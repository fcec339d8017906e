// SPDX-License-Identifier: BSL-1.0
// Bytes that are built up piece by piece and seldom need the heap.
#pragma once

#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstring>
#include <limits>
#include <new>
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

// Up to Room bytes lie inside the object; more are a std::string's, which then lies there.
template <std::size_t Room>
class short_text {
public:
    short_text() noexcept {} // the room stays unwritten: clearing it would cost more than its use
    short_text(const short_text& other) { append(other.view()); }
    short_text(short_text&& other) noexcept { take(other); }
    short_text& operator=(short_text other) noexcept {
        drop();
        take(other);
        return *this;
    }
    ~short_text() { drop(); }

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

    // `text` may be a part of this one.
    void assign(std::string_view text) {
        if (is_spilled() || text.size() > Room) [[unlikely]] {
            assign(std::string{text});
            return;
        }
        if (!text.empty()) {
            std::memmove(room_, text.data(), text.size());
        }
        size_ = text.size();
    }

    // Takes the string over where it would not fit into the room.
    void assign(std::string&& text) {
        drop();
        if (text.size() <= Room) {
            append(text);
        } else {
            hold(std::move(text));
        }
    }

    // What is_spilled(), which is no longer part of this text; empty where nothing is.
    std::string release() noexcept {
        std::string released;
        if (is_spilled()) {
            released = std::move(spilled_);
        }
        drop();
        return released;
    }

private:
    static constexpr std::size_t step = 16; // bytes that move at once
    static_assert(Room % step == 0 && Room >= sizeof(std::string));

    [[gnu::noinline]] void spill(std::string_view text) {
        if (is_spilled()) {
            spilled_.append(text);
            size_ = spilled_.size();
            return;
        }
        std::string grown;
        grown.reserve(size_ + text.size());
        grown.append(room_, size_).append(text);
        hold(std::move(grown));
    }

    // Of an empty text.
    void hold(std::string&& text) noexcept {
        size_ = text.size();
        new (&spilled_) std::string{std::move(text)};
    }

    // Leaves `other` empty; this one is, or is not built yet. A loop of steps: a call of memcpy
    // would cost more than what it copies.
    [[gnu::always_inline]] void take(short_text& other) noexcept {
        size_ = other.size_;
        if (is_spilled()) [[unlikely]] {
            new (&spilled_) std::string{std::move(other.spilled_)};
        } else {
            for (std::size_t at = 0; at < size_; at += step) {
                std::memcpy(room_ + at, other.room_ + at, step);
            }
        }
        other.drop();
    }

    void drop() noexcept {
        if (is_spilled()) [[unlikely]] {
            spilled_.~basic_string();
        }
        size_ = 0;
    }

    std::size_t size_ = 0;
    union {
        char room_[Room];
        std::string spilled_; // in its place
    };
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
