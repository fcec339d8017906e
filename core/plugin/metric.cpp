// SPDX-License-Identifier: BSL-1.0
// Adding to a cell, and adding up the cells.
#include "plugin/metric.hpp"

#include "plugin/loop_handle.hpp"

#include <algorithm>
#include <bit>
#include <ranges>

namespace mortise::plugin {
namespace {

std::size_t count_of(const metric_description& described) noexcept {
    return described.kind == MORTISE_METRIC_COUNTER     ? 1
           : described.kind == MORTISE_METRIC_HISTOGRAM ? described.bounds.size() + 1
                                                        : 0;
}

} // namespace

bool metric_description::is_of_one_family(const metric_description& other) const noexcept {
    const auto names = [](const metric_description& of) { return std::views::keys(of.labels); };
    return kind == other.kind && help == other.help && bounds == other.bounds &&
           std::ranges::equal(names(*this), names(other));
}

std::vector<std::string> metric_description::shown_names() const {
    if (kind != MORTISE_METRIC_HISTOGRAM) {
        return {name};
    }
    return {name, name + "_bucket", name + "_sum", name + "_count"};
}

metric::metric(instance& owner, metric_description described, std::size_t loops)
    : owner_{owner},
      description_{std::move(described)},
      counts_{count_of(description_)},
      cells_{description_.kind == MORTISE_METRIC_GAUGE ? 1 : loops + 1, counts_ + 1} {}

std::pair<std::size_t, bool> metric::find_cell() const noexcept {
    const auto* const loop = loop_handle::of_this_thread();
    return loop != nullptr && loop->index() + 1 < cells_.count()
               ? std::pair{loop->index(), true}
               : std::pair{cells_.count() - 1, false};
}

void metric::add(std::size_t which, std::uint64_t by) noexcept {
    const auto [cell, is_alone] = find_cell();
    word& to = cells_.at(cell, which);
    if (is_alone) {
        base::cells::add_alone(to, by);
    } else {
        to.fetch_add(by, std::memory_order_relaxed);
    }
}

void metric::add_to_sum(double by) noexcept {
    const auto [cell, is_alone] = find_cell();
    word& to = cells_.at(cell, counts_);
    std::uint64_t before = to.load(std::memory_order_relaxed);
    const auto after = [&] {
        return std::bit_cast<std::uint64_t>(std::bit_cast<double>(before) + by);
    };
    if (is_alone) {
        to.store(after(), std::memory_order_relaxed);
        return;
    }
    while (!to.compare_exchange_weak(before, after(), std::memory_order_relaxed)) {
    }
}

void metric::increase(std::uint64_t by) noexcept {
    add(0, by);
}

void metric::set(double value) noexcept {
    cells_.at(0, 0).store(std::bit_cast<std::uint64_t>(value), std::memory_order_relaxed);
}

void metric::adjust(double by) noexcept {
    add_to_sum(by);
}

void metric::observe(double value) noexcept {
    const auto& bounds = description_.bounds;
    const auto bound = std::ranges::lower_bound(bounds, value);
    add(static_cast<std::size_t>(bound - bounds.begin()), 1);
    add_to_sum(value);
}

metric::total metric::read() const {
    total all{std::vector<std::uint64_t>(counts_), 0};
    for (std::size_t which = 0; which < counts_; ++which) {
        all.counts[which] = cells_.sum(which);
    }
    for (std::size_t cell = 0; cell < cells_.count(); ++cell) {
        all.value +=
            std::bit_cast<double>(cells_.at(cell, counts_).load(std::memory_order_relaxed));
    }
    return all;
}

} // namespace mortise::plugin
