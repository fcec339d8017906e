// SPDX-License-Identifier: BSL-1.0
// The same layout as C++20.
#include "layout.c"
