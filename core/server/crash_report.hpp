// SPDX-License-Identifier: BSL-1.0
// What a crash leaves in the log: which plugin ran, in which of its calls, and the stack.
#pragma once

namespace mortise::server {

// While it lives, a fault of the process (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT) and an exit()
// that a plugin calls are reported before the process ends as it would have: with a core dump, or
// in a sanitizer's words. One for a process, made before its threads. [control]
class crash_report {
public:
    // `record`: a descriptor of crash_history, or -1. The crash of a plugin is appended there.
    explicit crash_report(int record) noexcept;
    crash_report(const crash_report&) = delete;
    crash_report& operator=(const crash_report&) = delete;
    ~crash_report();
};

} // namespace mortise::server
