// SPDX-License-Identifier: BSL-1.0
// The plugins' metrics for those who watch.
#pragma once

#include <memory>
#include <span>
#include <string>

namespace mortise::plugin {

class instance;

// All metrics of the instances, in the text format of Prometheus, version 0.0.4. [control]
std::string metrics_text(std::span<instance* const> instances);

} // namespace mortise::plugin
