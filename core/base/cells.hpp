// SPDX-License-Identifier: BSL-1.0
// Numbers that several threads count, each in a cell of its own, and that are added up when read.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace mortise::base {

// Cells never share a cache line, so threads that each add to their own are in nobody's way, and a
// cell with one writer takes no locked instruction. A reader sees each number as it was at some
// moment, not all of them at the same one. [any]
class cells {
public:
    using word = std::atomic<std::uint64_t>;

    cells(std::size_t count, std::size_t words_each)
        : count_{count},
          lines_each_{(words_each + words_of_line - 1) / words_of_line},
          lines_{std::make_unique<line[]>(count_ * lines_each_)} {}

    std::size_t count() const noexcept { return count_; }
    word& at(std::size_t cell, std::size_t which) const noexcept {
        return lines_[cell * lines_each_ + which / words_of_line].words[which % words_of_line];
    }
    // One word over all cells.
    std::uint64_t sum(std::size_t which) const noexcept {
        std::uint64_t all = 0;
        for (std::size_t cell = 0; cell < count_; ++cell) {
            all += at(cell, which).load(std::memory_order_relaxed);
        }
        return all;
    }

    // Where the calling thread alone writes `to`. Adding the complement takes away.
    static void add_alone(word& to, std::uint64_t by) noexcept {
        to.store(to.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
    }

private:
    static constexpr std::size_t words_of_line = 8;

    struct alignas(64) line {
        word words[words_of_line];
    };

    const std::size_t count_;
    const std::size_t lines_each_; // whole cache lines
    const std::unique_ptr<line[]> lines_;
};

} // namespace mortise::base
