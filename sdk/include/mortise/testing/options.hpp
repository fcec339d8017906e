// SPDX-License-Identifier: BSL-1.0
// How a testing host differs from the ordinary.
#pragma once

#include <mortise/abi/ext/log.h>

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace mortise {
inline namespace sdk_v0 {
namespace testing {

// testing::host host{{.offloads_inline = true}};
struct host_options {
    // Offloaded work runs on the test's thread, in run(), instead of on a thread of its own.
    bool offloads_inline = false;
    // Offloaded work that may be queued; more is refused with MORTISE_E_BUSY.
    std::size_t offload_limit = 1024;
    // Reads and writes that could be over at once are. Otherwise all of them are pending first.
    bool completes_at_once = true;
    // Bytes of content where a route has no limit of its own.
    std::uint64_t content_limit = 1024 * 1024;
    // Virtual time that send() and finish() wait before they throw a failure.
    std::chrono::nanoseconds patience = std::chrono::minutes{10};
    // The least severe level that is written: MORTISE_LOG_….
    std::uint32_t log_level = MORTISE_LOG_DEBUG;
};

// The border's functions that a test may let fail: host::refuse_next().
enum class function {
    add_route,
    reply,
    allocate,
    on_cancel,
    timer_wait,
    offload_run,
    loop_post,
    content_read,
    content_begin,
    content_write,
    file_reply,
    hold,
};

} // namespace testing
} // namespace sdk_v0
} // namespace mortise
