// SPDX-License-Identifier: BSL-1.0
// Long scans, sixteen bytes at a time where the processor has SSE2. Inline: each stands in the path
// of every field line, whose texts are mostly shorter than what a call pays for.
#pragma once

#include "base/ascii.hpp"

#include <cstddef>
#include <string_view>

#if defined(__SSE2__)
#include <bit>
#include <emmintrin.h>
#endif

namespace mortise::base {

namespace detail {
#if defined(__SSE2__)
inline constexpr std::ptrdiff_t block_size = sizeof(__m128i);

inline __m128i load_block(const char* from) noexcept {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
}

// A bit for each of sixteen bytes.
inline unsigned bits(__m128i found) noexcept {
    return static_cast<unsigned>(_mm_movemask_epi8(found));
}

inline __m128i is_from(__m128i bytes, char first, char last) noexcept {
    const __m128i above = _mm_sub_epi8(bytes, _mm_set1_epi8(first));
    const auto width = static_cast<char>(last - first);
    return _mm_cmpeq_epi8(_mm_min_epu8(above, _mm_set1_epi8(width)), above);
}

inline unsigned controls_or_tabs_of(__m128i bytes) noexcept {
    const __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
    return bits(_mm_or_si128(low, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f))));
}

inline unsigned invisible_of(__m128i bytes) noexcept {
    const __m128i low = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x21)); // signed: from 0x80 on too
    return bits(_mm_or_si128(low, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f))));
}

inline unsigned unquotable_of(__m128i bytes) noexcept {
    const __m128i low = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20)); // signed: from 0x80 on too
    const __m128i marks = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')),
                                       _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
    const __m128i del = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f));
    return bits(_mm_or_si128(_mm_or_si128(low, marks), del));
}

// Letters, digits and hyphens are what tokens are mostly made of.
inline unsigned unusual_in_token(__m128i bytes) noexcept {
    const __m128i letter = is_from(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 'z');
    const __m128i digit = is_from(bytes, '0', '9');
    const __m128i hyphen = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('-'));
    return ~bits(_mm_or_si128(_mm_or_si128(letter, digit), hyphen)) & 0xffffU;
}

// The first byte of which `wanted` finds a bit; at least one block must be there.
template <class Wanted>
[[gnu::always_inline]] inline const char* find_in_blocks(const char* begin, const char* end,
                                                         Wanted wanted) noexcept {
    const char* const last = end - block_size; // overlaps the block before it
    for (;; begin += block_size) {
        const char* const at = begin < last ? begin : last;
        if (const auto found = wanted(load_block(at)); found != 0) {
            return at + std::countr_zero(found);
        }
        if (at == last) {
            return end;
        }
    }
}

// The same in four to fifteen bytes, as two words that may overlap.
template <class Wanted>
[[gnu::always_inline]] inline const char* find_in_words(const char* begin, const char* end,
                                                        Wanted wanted) noexcept {
    if (end - begin >= 8) {
        const __m128i both = _mm_unpacklo_epi64(_mm_loadu_si64(begin), _mm_loadu_si64(end - 8));
        const auto found = wanted(both);
        const auto at = std::countr_zero(found);
        return found == 0 ? end : at < 8 ? begin + at : end - (16 - at);
    }
    const __m128i both = _mm_unpacklo_epi32(_mm_loadu_si32(begin), _mm_loadu_si32(end - 4));
    const auto found = wanted(both) & 0xffU;
    const auto at = std::countr_zero(found);
    return found == 0 ? end : at < 4 ? begin + at : end - (8 - at);
}
#endif

inline const char* find_other(const char* begin, const char* end, byte_class wanted) noexcept {
    while (begin != end && is_of(*begin, wanted)) {
        ++begin;
    }
    return begin;
}
} // namespace detail

// The first byte from `begin` on that may not stand in a field value: a control character but
// HTAB, or DEL; `end` if there is none.
[[gnu::always_inline]] inline const char* find_control(const char* begin,
                                                       const char* end) noexcept {
#if defined(__SSE2__)
    while (end - begin >= detail::block_size) {
        begin = detail::find_in_blocks(begin, end, detail::controls_or_tabs_of);
        if (begin == end || *begin != '\t') {
            return begin;
        }
        ++begin;
    }
#endif
    return detail::find_other(begin, end, value_byte);
}

// The first byte from `begin` on that is no visible ASCII character (target_byte); `end` if there
// is none.
[[gnu::always_inline]] inline const char* find_invisible(const char* begin,
                                                         const char* end) noexcept {
#if defined(__SSE2__)
    if (end - begin >= detail::block_size) {
        return detail::find_in_blocks(begin, end, detail::invisible_of);
    }
#endif
    return detail::find_other(begin, end, target_byte);
}

// The first byte from `begin` on that may not stand in a token; `end` if there is none.
[[gnu::always_inline]] inline const char* find_token_end(const char* begin,
                                                         const char* end) noexcept {
#if defined(__SSE2__)
    for (; end - begin >= detail::block_size; begin += detail::block_size) {
        if (const auto found = detail::unusual_in_token(detail::load_block(begin)); found != 0) {
            begin += std::countr_zero(found);
            break;
        }
    }
#endif
    return detail::find_other(begin, end, token_byte);
}

// The first byte from `begin` on that a quoted text may not hold as it is: a quote, a backslash, or
// no printable ASCII character; `end` if there is none.
[[gnu::always_inline]] inline const char* find_unquotable(const char* begin,
                                                          const char* end) noexcept {
#if defined(__SSE2__)
    if (end - begin >= detail::block_size) {
        return detail::find_in_blocks(begin, end, detail::unquotable_of);
    }
    if (end - begin >= 4) {
        return detail::find_in_words(begin, end, detail::unquotable_of);
    }
#endif
    while (begin != end && *begin >= ' ' && *begin < 0x7f && *begin != '"' && *begin != '\\') {
        ++begin;
    }
    return begin;
}

// Whether `text` may be sent as a field value: neither CR, LF, NUL nor another control character.
[[gnu::always_inline]] inline bool is_field_value(std::string_view text) noexcept {
    const char* const end = text.data() + text.size();
    return find_control(text.data(), end) == end;
}

} // namespace mortise::base
