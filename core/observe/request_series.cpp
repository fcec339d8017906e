// SPDX-License-Identifier: BSL-1.0
// Finding a duration's bucket, and adding up.
#include "observe/request_series.hpp"

#include <algorithm>
#include <utility>

namespace mortise::observe {

namespace {

constexpr auto nanosecond_bounds = [] {
    std::array<std::uint64_t, request_series::bounds.size()> made{};
    std::ranges::transform(request_series::bounds, made.begin(), [](double seconds) {
        return static_cast<std::uint64_t>(seconds * 1e9 + .5);
    });
    return made;
}();

std::size_t place_of_head(std::span<const std::string> methods) {
    const auto found = std::ranges::find(methods, "HEAD");
    return found != methods.end() ? static_cast<std::size_t>(found - methods.begin()) : 0;
}

} // namespace

request_series::request_series(std::string plugin, std::string route,
                               std::vector<std::string> methods, std::size_t loops)
    : plugin_{std::move(plugin)},
      route_{std::move(route)},
      methods_{std::move(methods)},
      head_place_{place_of_head(methods_)},
      held_at_{first_word(methods_.size(), outcome{})},
      cells_{loops, held_at_ + 1} {}

// Most requests are within the first bound.
[[gnu::hot]] void request_series::count(std::size_t loop, std::size_t method, outcome came_to,
                                        std::chrono::nanoseconds took) noexcept {
    const auto time = static_cast<std::uint64_t>(took.count());
    std::size_t bucket = 0;
    while (bucket < nanosecond_bounds.size() && time > nanosecond_bounds[bucket]) {
        ++bucket;
    }
    const std::size_t first = first_word(method, came_to);
    base::cells::add_alone(cells_.at(loop, first + bucket), 1);
    base::cells::add_alone(cells_.at(loop, first + words_each - 1), time);
}

request_series::total request_series::read(std::size_t method, outcome came_to) const noexcept {
    const std::size_t first = first_word(method, came_to);
    total all;
    for (std::size_t bucket = 0; bucket < all.counts.size(); ++bucket) {
        all.counts[bucket] = cells_.sum(first + bucket);
    }
    all.nanoseconds = cells_.sum(first + words_each - 1);
    return all;
}

request_series::total& request_series::total::operator+=(const total& other) noexcept {
    for (std::size_t bucket = 0; bucket < counts.size(); ++bucket) {
        counts[bucket] += other.counts[bucket];
    }
    nanoseconds += other.nanoseconds;
    return *this;
}

} // namespace mortise::observe
