// SPDX-License-Identifier: BSL-1.0
// Time as the loops read it: once a batch, to a few milliseconds, without a system call.
#pragma once

#include <chrono>
#include <ctime>

namespace mortise::base {

using milliseconds = std::chrono::milliseconds;
// A point of the monotonic clock; for deadlines and durations.
using instant = std::chrono::time_point<std::chrono::steady_clock, milliseconds>;
// A point of the wall clock; for the Date field and logs.
using unix_milliseconds = std::chrono::time_point<std::chrono::system_clock, milliseconds>;
// A point of the monotonic clock to the nanosecond; for what is measured, and for nothing else.
using exact_instant = std::chrono::time_point<std::chrono::steady_clock, std::chrono::nanoseconds>;

namespace detail {
template <class Point>
Point read_clock(clockid_t which) noexcept {
    timespec now{};
    ::clock_gettime(which, &now);
    return Point{std::chrono::seconds{now.tv_sec} + milliseconds{now.tv_nsec / 1'000'000}};
}
} // namespace detail

inline instant monotonic_now() noexcept {
    return detail::read_clock<instant>(CLOCK_MONOTONIC_COARSE);
}
// Costs several times what the others do, still without a system call.
inline exact_instant exact_now() noexcept {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return exact_instant{std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec}};
}
inline unix_milliseconds wall_clock_now() noexcept {
    return detail::read_clock<unix_milliseconds>(CLOCK_REALTIME_COARSE);
}

} // namespace mortise::base
