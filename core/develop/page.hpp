// SPDX-License-Identifier: BSL-1.0
// What a browser is shown while there is no plugin to answer it.
#pragma once

#include <string>
#include <string_view>

namespace mortise::develop {

struct page {
    std::string title; // "hello cannot be built"
    std::string text;  // what a compiler wrote, with its escape sequences
};

// Without the sequences that colour a terminal, and without other control characters but tabs and
// ends of lines.
std::string plain(std::string_view text);

// A whole page, which loads itself anew until the plugin answers in its place. Nothing of the texts
// is markup.
std::string html_of(const page& shown);
std::string text_of(const page& shown);

} // namespace mortise::develop
