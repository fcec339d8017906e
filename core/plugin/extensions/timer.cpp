// SPDX-License-Identifier: BSL-1.0
// Extension "mortise.timer/1".
#include "async/timer.hpp"

#include "plugin/extensions/extensions.hpp"
#include "plugin/extensions/start.hpp"

#include <chrono>
#include <new>

namespace mortise::plugin {
namespace {

using clock = async::timer::clock;

class wait_operation final : public pending_operation, public async::timer {
public:
    using pending_operation::pending_operation;

    void cancel() noexcept override {
        disarm();
        finish_cancelled_soon();
    }
    void on_time() noexcept override { finish(MORTISE_OK); }
};

std::uint64_t now(mortise_instance*) noexcept {
    return static_cast<std::uint64_t>(
        std::chrono::nanoseconds{clock::now().time_since_epoch()}.count());
}

// What lies beyond the clock's range never comes.
clock::time_point to_time(std::uint64_t nanoseconds) noexcept {
    constexpr auto latest = std::uint64_t{INT64_MAX};
    return clock::time_point{
        std::chrono::nanoseconds{static_cast<std::int64_t>(std::min(nanoseconds, latest))}};
}

std::int32_t wait(mortise_instance* of, std::uint64_t when, mortise_operation* operation) noexcept {
    const start_call call{of, operation, "timer wait()"};
    if (!call.is_allowed()) {
        return call.refusal();
    }
    auto& begun = call.begin<wait_operation>();
    try {
        call.loop().timers().arm(begun, to_time(when));
    } catch (const std::bad_alloc&) {
        operation_list::undo(begun);
        return MORTISE_E_MEMORY;
    }
    return MORTISE_PENDING;
}

} // namespace

constexpr mortise_timer timer_extension{
    .size = sizeof(mortise_timer), .reserved = 0, .now = now, .wait = wait};

} // namespace mortise::plugin
