// SPDX-License-Identifier: BSL-1.0
// Whether a test's program may have operators new and delete of its own.
#pragma once

// clang's thread sanitizer brings its own, beside which there can be none.
#define NEW_MAY_BE_REPLACED true
#if defined(__clang__)
#if __has_feature(thread_sanitizer)
#undef NEW_MAY_BE_REPLACED
#define NEW_MAY_BE_REPLACED false
#endif
#endif
