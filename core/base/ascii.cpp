// SPDX-License-Identifier: BSL-1.0
// Long scans, sixteen bytes at a time where the processor has SSE2.
#include "base/ascii.hpp"

#if defined(__SSE2__)
#include <bit>
#include <emmintrin.h>
#endif

namespace mortise::base {

namespace {
#if defined(__SSE2__)
constexpr std::ptrdiff_t block_size = sizeof(__m128i);

// A bit for each of sixteen bytes.
unsigned bits(__m128i found) noexcept {
    return static_cast<unsigned>(_mm_movemask_epi8(found));
}

unsigned controls_of(__m128i bytes) noexcept {
    const __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
    const __m128i but_tab = _mm_andnot_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\t')), low);
    return bits(_mm_or_si128(but_tab, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f))));
}

unsigned invisible_of(__m128i bytes) noexcept {
    const __m128i low = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x21)); // signed: from 0x80 on too
    return bits(_mm_or_si128(low, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f))));
}

__m128i is_from(__m128i bytes, char first, char last) noexcept {
    const __m128i above = _mm_sub_epi8(bytes, _mm_set1_epi8(first));
    const auto width = static_cast<char>(last - first);
    return _mm_cmpeq_epi8(_mm_min_epu8(above, _mm_set1_epi8(width)), above);
}

// Letters, digits and hyphens are what tokens are mostly made of.
unsigned unusual_in_token(__m128i bytes) noexcept {
    const __m128i letter = is_from(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 'z');
    const __m128i digit = is_from(bytes, '0', '9');
    const __m128i hyphen = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('-'));
    return ~bits(_mm_or_si128(_mm_or_si128(letter, digit), hyphen)) & 0xffffU;
}

// The first byte of which `wanted` finds a bit; at least one block must be there.
template <class Wanted>
const char* find_in_blocks(const char* begin, const char* end, Wanted wanted) noexcept {
    const char* const last = end - block_size; // overlaps the block before it
    for (;; begin += block_size) {
        const char* const at = begin < last ? begin : last;
        const auto found = wanted(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at)));
        if (found != 0) {
            return at + std::countr_zero(found);
        }
        if (at == last) {
            return end;
        }
    }
}
#endif

const char* find_other(const char* begin, const char* end, byte_class wanted) noexcept {
    while (begin != end && is_of(*begin, wanted)) {
        ++begin;
    }
    return begin;
}
} // namespace

const char* find_control(const char* begin, const char* end) noexcept {
#if defined(__SSE2__)
    if (end - begin >= block_size) {
        return find_in_blocks(begin, end, controls_of);
    }
#endif
    return find_other(begin, end, value_byte);
}

const char* find_invisible(const char* begin, const char* end) noexcept {
#if defined(__SSE2__)
    if (end - begin >= block_size) {
        return find_in_blocks(begin, end, invisible_of);
    }
#endif
    return find_other(begin, end, target_byte);
}

const char* find_token_end(const char* begin, const char* end) noexcept {
#if defined(__SSE2__)
    for (; end - begin >= block_size; begin += block_size) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(begin));
        if (const auto found = unusual_in_token(bytes); found != 0) {
            begin += std::countr_zero(found);
            break;
        }
    }
#endif
    return find_other(begin, end, token_byte);
}

} // namespace mortise::base
