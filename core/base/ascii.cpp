// SPDX-License-Identifier: BSL-1.0
// Long scans, sixteen bytes at a time where the processor has SSE2.
#include "base/ascii.hpp"

#if defined(__SSE2__)
#include <bit>
#include <emmintrin.h>
#endif

namespace mortise::base {

const char* find_control(const char* begin, const char* end) noexcept {
#if defined(__SSE2__)
    const __m128i lowest = _mm_set1_epi8(0x1f);
    const __m128i tab = _mm_set1_epi8('\t');
    const __m128i del = _mm_set1_epi8(0x7f);
    for (; end - begin >= 16; begin += 16) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(begin));
        const __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(bytes, lowest), bytes); // <= 0x1f
        const __m128i bad = _mm_or_si128(_mm_andnot_si128(_mm_cmpeq_epi8(bytes, tab), low),
                                         _mm_cmpeq_epi8(bytes, del));
        if (const auto found = static_cast<unsigned>(_mm_movemask_epi8(bad)); found != 0) {
            return begin + std::countr_zero(found);
        }
    }
#endif
    while (begin != end && is_of(*begin, value_byte)) {
        ++begin;
    }
    return begin;
}

} // namespace mortise::base
