// SPDX-License-Identifier: BSL-1.0
// Threads that a plugin started, and that would run into code that is gone.
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <sys/types.h>

namespace mortise::plugin {

// The threads of the process that the host did not start, by the kernel's numbers. [any]
std::set<pid_t> stray_threads();

// One of them, but for those of `before`, that is in the code that is mapped from `file`, or will
// return to it: an address of that lies on its stack. One that does not stand still long enough to
// be looked at counts as such. [any]
std::optional<pid_t> find_stray_thread_in(const std::filesystem::path& file,
                                          const std::set<pid_t>& before);

} // namespace mortise::plugin
