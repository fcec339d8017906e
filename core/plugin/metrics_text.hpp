// SPDX-License-Identifier: BSL-1.0
// The plugins' metrics for those who watch.
#pragma once

#include <span>

namespace mortise::observe {
class prometheus_text;
}

namespace mortise::plugin {

class instance;

// Writes all metrics of the instances. [control]
void write_metrics(observe::prometheus_text& to, std::span<instance* const> instances);

} // namespace mortise::plugin
