// SPDX-License-Identifier: BSL-1.0
// Texts as strings of JSON, whatever bytes they hold.
#pragma once

#include "base/pen.hpp"
#include "base/scan.hpp"

#include <cstddef>
#include <string_view>

namespace mortise::observe {

// What needs no escape at the front of `text`, neither here nor in a line of another format; which
// is mostly all of it.
[[gnu::always_inline]] inline std::string_view plain_part(std::string_view text) noexcept {
    const char* const end = base::find_unquotable(text.data(), text.data() + text.size());
    return {text.data(), static_cast<std::size_t>(end - text.data())};
}

// What one byte may come to.
inline constexpr std::size_t longest_json_escape = 6;

// Writes `text` without the quotes around it, and gives the pen behind it. Every byte that could
// break the line or leave the quotes is escaped as \u00NN; bytes from 0x80 that are not UTF-8 are
// read as Latin-1. [any]
[[nodiscard]] base::pen write_json_text(base::pen to, std::string_view text) noexcept;

} // namespace mortise::observe
