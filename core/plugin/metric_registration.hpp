// SPDX-License-Identifier: BSL-1.0
// What a plugin may register as a metric.
#pragma once

#include "plugin/load_error.hpp"
#include "plugin/metric.hpp"

#include <memory>
#include <span>
#include <string_view>

namespace mortise::plugin {

// A copy of what the plugin `id` asks for, by the name that is shown; or which rule it breaks, by
// itself or beside `others`, those of the plugin.
judged<metric_description> copy_metric(const mortise_metric_description& asked, std::string_view id,
                                       std::span<const std::unique_ptr<metric>> others);

} // namespace mortise::plugin
