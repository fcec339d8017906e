// SPDX-License-Identifier: BSL-1.0
// The way out of a call that does not return.
#pragma once

#include <cstdint>

namespace mortise::async {

// A signal handler lets the thread that it has met go on in another function, on the same stack,
// beyond the frames of the code that it met. Those stay as they are for good: none of them runs
// again, nothing of them is destroyed, and what they have locked stays locked. Who uses this knows
// that they hold nothing which others need.
class escape {
public:
    // None: begin() is false.
    escape() = default;
    // For the calling thread.
    static escape of_this_thread() noexcept;

    // In a signal handler on that thread, with its third argument: the thread runs `go_on`, which
    // must not return, when the handler has. False, and nothing is changed: less than half of the
    // stack is free, or the build or the machine is not fit for it. Thread sanitizer is not, which
    // delivers signals late.
    bool begin(void* signal_context, void (*go_on)(void* argument), void* argument) const noexcept;

    // Whether this build can.
    static bool is_possible() noexcept;

private:
    explicit escape(std::uintptr_t lowest) noexcept : lowest_{lowest} {}

    std::uintptr_t lowest_ = UINTPTR_MAX; // that the stack may have grown to
};

} // namespace mortise::async
