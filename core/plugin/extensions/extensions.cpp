// SPDX-License-Identifier: BSL-1.0
// The extensions by name.
#include "plugin/extensions/extensions.hpp"

#include <algorithm>
#include <array>

namespace mortise::plugin {
namespace {

struct named_table {
    std::string_view name;
    const void* table;
};

constexpr std::array<named_table, 12> tables{{
    {MORTISE_LOG_EXTENSION, &log_extension},
    {MORTISE_CONFIG_EXTENSION, &config_extension},
    {MORTISE_CONTENT_EXTENSION, &content_extension},
    {MORTISE_FILE_EXTENSION, &file_extension},
    {MORTISE_FILTER_EXTENSION, &filter_extension},
    {MORTISE_HOLD_EXTENSION, &hold_extension},
    {MORTISE_IDENTITY_EXTENSION, &identity_extension},
    {MORTISE_LOOP_EXTENSION, &loop_extension},
    {MORTISE_METRICS_EXTENSION, &metrics_extension},
    {MORTISE_OFFLOAD_EXTENSION, &offload_extension},
    {MORTISE_STATE_EXTENSION, &state_extension},
    {MORTISE_TIMER_EXTENSION, &timer_extension},
}};

} // namespace

const void* find_extension(std::string_view name) noexcept {
    const auto* const found = std::ranges::find(tables, name, &named_table::name);
    return found != tables.end() ? found->table : nullptr;
}

} // namespace mortise::plugin
