// SPDX-License-Identifier: BSL-1.0
// A stretch of text that was copied to where it lasts, and its views on their way after it.
#pragma once

#include <cstdint>
#include <string_view>

namespace mortise::http {

class kept_text {
public:
    kept_text(std::string_view from, std::string_view to) noexcept : from_{from}, to_{to.data()} {}

    std::string_view whole() const noexcept { return {to_, from_.size()}; }

    // A view that lies in the text.
    std::string_view moved(std::string_view view) const noexcept {
        return {to_ + (view.data() - from_.data()), view.size()};
    }
    // One that may lie elsewhere, and then stays.
    std::string_view moved_if_inside(std::string_view view) const noexcept {
        const auto at = reinterpret_cast<std::uintptr_t>(view.data()) -
                        reinterpret_cast<std::uintptr_t>(from_.data());
        return at < from_.size() ? std::string_view{to_ + at, view.size()} : view;
    }

private:
    std::string_view from_;
    const char* to_;
};

} // namespace mortise::http
