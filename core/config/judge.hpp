// SPDX-License-Identifier: BSL-1.0
// What values mean together.
#pragma once

namespace mortise::config {

struct configured;

// Adds a fault for each thing that the settings ask for together and cannot have.
void judge(configured& of);

} // namespace mortise::config
