// SPDX-License-Identifier: BSL-1.0
// What tables of plugins and virtual hosts come to together.
#pragma once

namespace mortise::config {

struct configured;

// Gives the settings each plugin's file and placement, and notes the faults that show by that.
void resolve(configured& to);

} // namespace mortise::config
