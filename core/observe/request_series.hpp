// SPDX-License-Identifier: BSL-1.0
// What came of the requests of one route: how many, how long they took, what they held loops for.
#pragma once

#include "base/cells.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mortise::observe {

// What a request came to: the class of its answer's status, or no whole answer.
enum class outcome : std::uint8_t { success, redirection, client_error, server_error, aborted };

// Of a status from 200 to 599; of anything else, that there was no whole answer.
constexpr outcome outcome_of(unsigned status) noexcept {
    return status >= 200 && status <= 599 ? static_cast<outcome>(status / 100 - 2)
                                          : outcome::aborted;
}

// Counted in cells, one for each loop; each loop adds to its own. How many numbers there are is
// settled when it is made.
class request_series {
public:
    static constexpr std::array<std::string_view, 5> outcome_names{"2xx", "3xx", "4xx", "5xx",
                                                                   "aborted"};
    // The upper bounds of durations in seconds, each within its own.
    static constexpr std::array<double, 14> bounds{.005, .01, .025, .05, .075, .1,  .25,
                                                   .5,   .75, 1,    2.5, 5,    7.5, 10};

    request_series(std::string plugin, std::string route, std::vector<std::string> methods,
                   std::size_t loops);

    const std::string& plugin() const noexcept { return plugin_; } // empty: no route serves these
    const std::string& route() const noexcept { return route_; }
    // The methods whose requests it counts; of a route for GET, HEAD is the second.
    std::span<const std::string> methods() const noexcept { return methods_; }
    // The place of HEAD among them; where it has none, that of the route's own method.
    std::size_t head_place() const noexcept { return head_place_; }

    // A request is over. `method` is a place among methods(). [loop]
    void count(std::size_t loop, std::size_t method, outcome came_to,
               std::chrono::nanoseconds took) noexcept;
    // Requests of this route had the loop for this time. [loop]
    void hold(std::size_t loop, std::chrono::nanoseconds time) noexcept {
        base::cells::add_alone(cells_.at(loop, held_at_), static_cast<std::uint64_t>(time.count()));
    }

    struct total {
        std::array<std::uint64_t, bounds.size() + 1> counts{}; // of each bound alone, and above
        std::uint64_t nanoseconds = 0;                         // of all durations

        total& operator+=(const total& other) noexcept;
    };
    // Over all loops. [any]
    total read(std::size_t method, outcome came_to) const noexcept;
    std::chrono::nanoseconds held() const noexcept {
        return std::chrono::nanoseconds{cells_.sum(held_at_)};
    }

private:
    // A duration's counts, and their sum: two cache lines.
    static constexpr std::size_t words_each = bounds.size() + 2;

    static std::size_t first_word(std::size_t method, outcome came_to) noexcept {
        return (method * outcome_names.size() + static_cast<std::size_t>(came_to)) * words_each;
    }

    const std::string plugin_;
    const std::string route_;
    const std::vector<std::string> methods_;
    const std::size_t head_place_;
    const std::size_t held_at_; // behind all others
    const base::cells cells_;
};

} // namespace mortise::observe
