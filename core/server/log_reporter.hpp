// SPDX-License-Identifier: BSL-1.0
// Plugins' lines and faults, in the host's log.
#pragma once

#include "observe/log.hpp"
#include "plugin/reporter.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace mortise::server {

// One for the host. [any]
class log_reporter final : public plugin::reporter {
public:
    void report(plugin::severity severity, std::string_view id, std::string_view text,
                std::span<const http::field> fields) noexcept override {
        std::array<observe::log_field, 1 + max_fields> all;
        all[0] = {"plugin", id};
        const auto given = fields.first(std::min(fields.size(), max_fields));
        std::ranges::transform(given, all.begin() + 1, [](const http::field& each) {
            return observe::log_field{each.name, each.value};
        });
        observe::log(static_cast<observe::level>(severity), text,
                     std::span{all}.first(1 + given.size()));
    }
    bool is_on(plugin::severity severity) const noexcept override {
        return observe::is_logged(static_cast<observe::level>(severity));
    }

private:
    static constexpr std::size_t max_fields = 17; // of a plugin's line, and its exchange
};
static_assert(static_cast<int>(observe::level::error) == static_cast<int>(plugin::severity::error));

} // namespace mortise::server
