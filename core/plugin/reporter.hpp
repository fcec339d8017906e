// SPDX-License-Identifier: BSL-1.0
// Where plugins' own lines and the faults that the host finds in them go.
#pragma once

#include "http/field.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace mortise::plugin {

enum class severity : std::uint8_t { debug, info, warning, error };

// Implemented by the server over its log; outlives every instance.
class reporter {
public:
    // One line about the plugin called `id`. [any] The texts are the implementation's to copy and
    // may hold any bytes of a plugin's choice: control characters are escaped where they are
    // written.
    virtual void report(severity level, std::string_view id, std::string_view text,
                        std::span<const http::field> fields) noexcept = 0;

    // Whether lines of this level are written at all. [any]
    virtual bool is_on(severity level) const noexcept = 0;

    // A step of a plugin's life begins: "load", "create". [any]
    virtual void begin_step(std::string_view /*name*/) noexcept {}

protected:
    ~reporter() = default;
};

} // namespace mortise::plugin
