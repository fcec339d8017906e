// SPDX-License-Identifier: BSL-1.0
// What is kept.
#pragma once

#include <cstdint>
#include <string>

// What a client writes.
struct draft {
    std::string title; // 1 to 200 bytes
    std::string text;  // at most 10,000
};

struct note {
    std::int64_t id;
    draft content;
};
