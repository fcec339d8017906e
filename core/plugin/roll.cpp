// SPDX-License-Identifier: BSL-1.0
// The roll behind a lock: it is read only when a plugin is at fault.
#include "plugin/roll.hpp"

#include "plugin/instance.hpp"

#include <algorithm>
#include <array>
#include <mutex>

namespace mortise::plugin::roll {
namespace {

std::mutex guard;
std::array<instance*, instance::max_instances> alive{};

} // namespace

std::optional<std::uint8_t> enter(instance& entering) noexcept {
    const std::lock_guard lock{guard};
    const auto place = std::ranges::find(alive, nullptr);
    if (place == alive.end()) {
        return std::nullopt;
    }
    *place = &entering;
    return static_cast<std::uint8_t>(place - alive.begin());
}

void leave(std::uint8_t ordinal) noexcept {
    const std::lock_guard lock{guard};
    alive[ordinal] = nullptr;
}

void report_fault(std::uint8_t ordinal, std::string_view what) noexcept {
    const std::lock_guard lock{guard};
    if (instance* const found = alive[ordinal]) {
        found->report_fault(what);
    }
}

} // namespace mortise::plugin::roll
