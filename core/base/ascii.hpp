// SPDX-License-Identifier: BSL-1.0
// Characters as HTTP classifies them, without a locale (RFC 9110, 5.6.2 and 5.5).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace mortise::base {

// Classes of one byte.
using byte_class = std::uint8_t;
inline constexpr byte_class token_byte = 1;  // tchar of RFC 9110, 5.6.2
inline constexpr byte_class target_byte = 2; // visible ASCII: 0x21 to 0x7e
inline constexpr byte_class value_byte = 4;  // in a field value: visible, SP, HTAB, obs-text
inline constexpr byte_class digit_byte = 8;
inline constexpr byte_class hex_byte = 16;
inline constexpr byte_class unreserved_byte = 32; // RFC 3986, 2.3
inline constexpr byte_class name_byte = 64;       // in a registered name (RFC 3986, 3.2.2), but %
inline constexpr byte_class path_byte = 128;      // in a target, and neither % . ? nor #

namespace detail {
constexpr byte_class class_of(unsigned byte) noexcept {
    const bool digit = byte >= '0' && byte <= '9';
    const bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
    const bool hex = digit || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
    const bool visible = byte > 0x20 && byte < 0x7f;
    const auto is_one_of = [byte](std::string_view set) {
        return byte < 0x80 && set.find(static_cast<char>(byte)) != set.npos && byte != 0;
    };
    const bool unreserved = digit || letter || is_one_of("-._~");
    unsigned found = 0;
    found |= digit || letter || is_one_of("!#$%&'*+-.^_`|~") ? token_byte : byte_class{};
    found |= visible ? target_byte : byte_class{};
    found |= visible || byte == ' ' || byte == '\t' || byte >= 0x80 ? value_byte : byte_class{};
    found |= digit ? digit_byte : byte_class{};
    found |= hex ? hex_byte : byte_class{};
    found |= unreserved ? unreserved_byte : byte_class{};
    found |= unreserved || is_one_of("!$&'()*+,;=") ? name_byte : byte_class{};
    found |= visible && !is_one_of("%.?#") ? path_byte : byte_class{};
    return static_cast<byte_class>(found);
}

constexpr std::array<byte_class, 256> make_byte_classes() noexcept {
    std::array<byte_class, 256> classes{};
    for (unsigned byte = 0; byte < 256; ++byte) {
        classes[byte] = class_of(byte);
    }
    return classes;
}
} // namespace detail

inline constexpr std::array<byte_class, 256> byte_classes = detail::make_byte_classes();

constexpr bool is_of(char byte, byte_class wanted) noexcept {
    return (byte_classes[static_cast<unsigned char>(byte)] & wanted) != 0;
}

constexpr char to_lower(char byte) noexcept {
    return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + ('a' - 'A')) : byte;
}

// What a hexadecimal digit counts, from 0 to 15. `digit` must be of hex_byte.
constexpr unsigned hex_value(char digit) noexcept {
    return digit <= '9' ? static_cast<unsigned>(digit - '0')
                        : static_cast<unsigned>(to_lower(digit) - 'a') + 10;
}

// Compares ASCII letters without regard to case, every other byte exactly.
constexpr bool equal_ignoring_case(std::string_view left, std::string_view right) noexcept {
    if (left.size() != right.size()) {
        return false;
    }
    for (std::size_t at = 0; at < left.size(); ++at) {
        if (to_lower(left[at]) != to_lower(right[at])) {
            return false;
        }
    }
    return true;
}

namespace detail {
template <class Word>
Word load_word(const char* from) noexcept {
    Word word;
    std::memcpy(&word, from, sizeof word);
    return word;
}

// Compares Size bytes of two texts, those of `left` with the bits of `set` set in each byte, by
// words that may overlap.
template <std::size_t Size, std::uint8_t set>
bool equal_words(const char* left, const char* right) noexcept {
    using Word = std::conditional_t<(Size > 8), std::uint64_t, std::uint32_t>;
    static_assert(Size >= sizeof(Word), "the text is shorter than a word");
    constexpr auto mask = static_cast<Word>(set * 0x0101010101010101U);
    const auto differ = [&](std::size_t at) {
        return (load_word<Word>(left + at) | mask) ^ load_word<Word>(right + at);
    };
    Word difference = differ(Size - sizeof(Word));
    for (std::size_t at = 0; at + sizeof(Word) < Size; at += sizeof(Word)) {
        difference |= differ(at);
    }
    return difference == 0;
}
} // namespace detail

// Whether `token`, which is a token of the name's length, is `name` without regard to case. `name`
// is written in lower-case letters and hyphens, for which 0x20 alone tells the cases apart.
template <std::size_t Size>
bool is_named(std::string_view token, const char (&name)[Size]) noexcept {
    return detail::equal_words<Size - 1, 0x20>(token.data(), name);
}

// Like text.starts_with(literal), without the call that the compiler makes of it; for literals of
// four bytes or more.
template <std::size_t Size>
[[gnu::always_inline]] inline bool starts_with(std::string_view text,
                                               const char (&literal)[Size]) noexcept {
    return text.size() >= Size - 1 && detail::equal_words<Size - 1, 0>(text.data(), literal);
}

// Whether `text` is a token: a method, a field name.
constexpr bool is_token(std::string_view text) noexcept {
    for (const char byte : text) {
        if (!is_of(byte, token_byte)) {
            return false;
        }
    }
    return !text.empty();
}

// `text` without spaces and tabs at both ends (OWS, RFC 9110, 5.6.3).
constexpr std::string_view trim(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
        text.remove_prefix(1);
    }
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
        text.remove_suffix(1);
    }
    return text;
}

} // namespace mortise::base
