// SPDX-License-Identifier: BSL-1.0
// Waiting for a time.
#pragma once

#include <mortise/sdk/detail/operation.hpp>

#include <chrono>
#include <cstdint>

namespace mortise {
inline namespace sdk_v0 {
namespace detail {

// When `duration` from now is over, on the host's clock; one that is too long ends never.
inline std::uint64_t time_after(const services& services, std::chrono::nanoseconds duration) {
    const auto now =
        needed(services, services.timer, MORTISE_TIMER_EXTENSION).now(services.instance);
    const auto more = static_cast<std::uint64_t>(duration.count() > 0 ? duration.count() : 0);
    return now + more;
}

class sleep_awaiter final : public operation_awaiter<sleep_awaiter> {
public:
    explicit sleep_awaiter(std::chrono::nanoseconds duration) noexcept : duration_{duration} {}

    std::int32_t start(const services& services) {
        const std::uint64_t when = time_after(services, duration_);
        return services.timer->wait(services.instance, when, &operation());
    }
    void await_resume() const {
        if (status() != MORTISE_OK) {
            throw_failure(status(), "sleep_for()");
        }
    }

private:
    std::chrono::nanoseconds duration_;
};

} // namespace detail

// Waits on the loop, which serves others meanwhile; at least `duration`, and at least for a turn of
// the loop. A duration below zero counts as zero.
//
//     co_await mortise::sleep_for(100ms);
inline detail::sleep_awaiter sleep_for(std::chrono::nanoseconds duration) noexcept {
    return detail::sleep_awaiter{duration};
}

} // namespace sdk_v0
} // namespace mortise
