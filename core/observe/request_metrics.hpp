// SPDX-License-Identifier: BSL-1.0
// The host's metrics of requests and connections.
#pragma once

#include "base/cells.hpp"
#include "observe/request_series.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace mortise::observe {

class prometheus_text;

// Owns every series. One comes into being with its route and stays for as long as the host, so
// numbers go on where a plugin is replaced; nothing that a client sends makes one. Outlives all
// that counts.
class request_metrics {
public:
    explicit request_metrics(std::size_t loops);

    // The series of a plugin's route, `pattern` with the host where it has one; the one that is
    // there, else a new one. [control]
    request_series& of_route(std::string_view plugin, std::string_view pattern,
                             std::string_view method);

    // Writes everything, from any time. [control]
    void write(prometheus_text& to) const;

private:
    friend class loop_metrics;

    // What each loop counts beside the series.
    enum number : std::size_t { active, open, accepted, unnamed, refused, count };

    void write_durations(prometheus_text& to) const;
    void write_held(prometheus_text& to) const;

    const std::size_t loops_;
    request_series unrouted_;
    const base::cells numbers_;
    std::vector<std::unique_ptr<request_series>> routes_;
};

// One loop's side. [loop]
class loop_metrics {
public:
    loop_metrics(request_metrics& all, std::size_t loop) noexcept : all_{all}, loop_{loop} {}

    void begin_request() noexcept { add(request_metrics::active, 1); }
    void end_request(request_series& of, bool is_head, outcome came_to,
                     std::chrono::nanoseconds took) noexcept {
        add(request_metrics::active, minus_one);
        of.count(loop_, is_head ? of.head_place() : 0, came_to, took);
    }
    // One that no route serves. `method` as it is named; others than those of RFC 9110 and PATCH
    // are one.
    void end_unrouted(std::string_view method, outcome came_to,
                      std::chrono::nanoseconds took) noexcept;
    // A head that may not be served; empty method: unknown. It never was a request that began.
    void refuse(std::string_view method, unsigned status, std::chrono::nanoseconds took) noexcept;
    void hold(request_series* by, std::chrono::nanoseconds time) noexcept {
        (by != nullptr ? *by : all_.unrouted_).hold(loop_, time);
    }

    void open_connection() noexcept {
        add(request_metrics::open, 1);
        add(request_metrics::accepted, 1);
    }
    // A connection that is closed without a sound header of the PROXY protocol.
    void refuse_proxy_header() noexcept { add(request_metrics::unnamed, 1); }
    void close_connection() noexcept { add(request_metrics::open, minus_one); }

private:
    static constexpr std::uint64_t minus_one = ~std::uint64_t{0};

    void add(request_metrics::number which, std::uint64_t by) noexcept {
        base::cells::add_alone(all_.numbers_.at(loop_, which), by);
    }
    void count_unrouted(std::string_view method, outcome came_to,
                        std::chrono::nanoseconds took) noexcept;

    request_metrics& all_;
    const std::size_t loop_;
};

} // namespace mortise::observe
