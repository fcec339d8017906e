// SPDX-License-Identifier: BSL-1.0
// One series of a plugin, and what it came to.
#pragma once

#include "base/cells.hpp"

#include <mortise/abi/ext/metrics.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace mortise::plugin {

class instance;

// What all series of one name have in common, and the labels of this one.
struct metric_description {
    std::uint32_t kind; // MORTISE_METRIC_…
    std::string name;   // as it is shown: "notes_written_total"
    std::string help;
    std::vector<std::pair<std::string, std::string>> labels;
    std::vector<double> bounds;

    // Whether both can be series of one name.
    bool is_of_one_family(const metric_description& other) const noexcept;

    // The names that its lines begin with where it is shown, its own first.
    std::vector<std::string> shown_names() const;
};

// Owned by its instance. Its numbers lie in cells, one for each loop and one for all other threads,
// so that loops never share a cache line: a loop adds to its own cell without a locked instruction.
// A gauge, which may be set, has one number for all.
class metric {
public:
    metric(instance& owner, metric_description described, std::size_t loops);
    metric(const metric&) = delete;
    metric& operator=(const metric&) = delete;

    const metric_description& description() const noexcept { return description_; }
    instance& owner() const noexcept { return owner_; }

    // [any] Of the kind that each is for.
    void increase(std::uint64_t by) noexcept;
    void set(double value) noexcept;
    void adjust(double by) noexcept;
    void observe(double value) noexcept;

    // What the cells come to now. [any]
    struct total {
        std::vector<std::uint64_t> counts; // of a counter: one; of a histogram: one for each bound,
                                           // and one above
        double value;                      // of a gauge; of a histogram, the sum of all values
    };
    total read() const;

    mortise_metric* abi() noexcept { return reinterpret_cast<mortise_metric*>(this); }
    static metric* from_abi(mortise_metric* handle) noexcept {
        return reinterpret_cast<metric*>(handle);
    }

private:
    using word = base::cells::word;

    // The calling thread's cell, and whether it has it alone.
    std::pair<std::size_t, bool> find_cell() const noexcept;
    void add(std::size_t which, std::uint64_t by) noexcept;
    void add_to_sum(double by) noexcept;

    instance& owner_;
    const metric_description description_;
    const std::size_t counts_; // of a cell; behind them stand the bits of the sum
    const base::cells cells_;  // one for each loop, and one; of a gauge, one
};

} // namespace mortise::plugin
