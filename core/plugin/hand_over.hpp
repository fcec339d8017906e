// SPDX-License-Identifier: BSL-1.0
// From one generation of a plugin to the next.
#pragma once

#include <mortise/abi/ext/state.h>

#include <cstdint>

namespace mortise::plugin {

class instance;

enum class hand_over_result : std::uint8_t {
    not_offered, // one of the two does not take part
    declined,    // by one of the two
    failed,      // in one of the two, or too large; the reason was reported
    done,
};

// Lets `next`, which is configured and not started, have what `old` saves. What comes of it stands
// in the log under the plugin that it is about; neither is harmed by a failure. [control]
hand_over_result hand_over(instance& old, instance& next);

// The host's function of this name (mortise/abi/ext/state.h).
std::int32_t write_state(mortise_state_writer* to, mortise_view bytes) noexcept;

} // namespace mortise::plugin
