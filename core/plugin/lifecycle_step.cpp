// SPDX-License-Identifier: BSL-1.0
// The step that runs on this thread, and the words for one that failed.
#include "plugin/lifecycle_step.hpp"

#include "plugin/instance.hpp"

#include <array>

namespace mortise::plugin {
namespace {

thread_local lifecycle_step* innermost = nullptr;

const char* name_of(lifecycle_step::kind which) noexcept {
    static constexpr std::array names{"create", "configure", "start", "loop_start"};
    return names[static_cast<std::size_t>(which)];
}

} // namespace

lifecycle_step::lifecycle_step(instance& owner, kind which) noexcept
    : owner_{owner}, which_{which}, entered_{owner, name_of(which)}, outer_{innermost} {
    innermost = this;
    owner.begin_step(name_of(which));
}

lifecycle_step::~lifecycle_step() {
    innermost = outer_;
}

lifecycle_step* lifecycle_step::running(const instance& owner) noexcept {
    return innermost != nullptr && &innermost->owner_ == &owner ? innermost : nullptr;
}

std::optional<fault> lifecycle_step::judge(std::int32_t result) const {
    if (result == 0) {
        return std::nullopt;
    }
    std::string what = std::string{"fails in "} + name_of(which_);
    if (result > 0) {
        return fault{what + ": it returned " + std::to_string(result) + ", which is no result",
                     "return MORTISE_OK, or a negative code"};
    }
    if (explanation_.empty()) {
        return fault{what + " with code " + std::to_string(result) + " and no reason",
                     "ask its author, who can give the reason by explain()"};
    }
    return fault{what + ": " + explanation_, "correct the cause or its configuration"};
}

fault lifecycle_step::escaped(std::string_view what) const {
    return {std::string{"throws in "} + name_of(which_) + ": " + std::string{what},
            "catch every exception inside the plugin, as the SDK does"};
}

} // namespace mortise::plugin
