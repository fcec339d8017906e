// SPDX-License-Identifier: BSL-1.0
// What a thread is in the host.
#pragma once

#include <cstdint>

namespace mortise::async {

// `foreign`: the host did not start it, or has not said what it is; loops are known by their
// handles.
enum class thread_role : std::uint8_t { foreign, control, pool };

// Set by the thread itself, once, before it runs anything of a plugin. [any]
inline constinit thread_local thread_role role_of_this_thread = thread_role::foreign;

} // namespace mortise::async
