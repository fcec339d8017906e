// SPDX-License-Identifier: BSL-1.0
// Where plugins' own lines and the faults that the host finds in them go.
#pragma once

#include <cstdint>
#include <string_view>

namespace mortise::plugin {

enum class severity : std::uint8_t { debug, info, warning, error };

// Implemented by the server over its log; outlives every instance.
class reporter {
public:
    // One line about the plugin called `id`. [any] The text is the implementation's to copy and
    // may hold any bytes of a plugin's choice: control characters are escaped where it is written.
    virtual void report(severity level, std::string_view id, std::string_view text) noexcept = 0;

protected:
    ~reporter() = default;
};

} // namespace mortise::plugin
