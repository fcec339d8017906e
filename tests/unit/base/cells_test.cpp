// SPDX-License-Identifier: BSL-1.0
// Counting by several threads at once.
#include "base/cells.hpp"

#include <gtest/gtest.h>
#include <thread>
#include <vector>

namespace mortise::base {
namespace {

TEST(Cells, AddUpWhatEachThreadCounted) {
    constexpr std::uint64_t each = 10'000;
    const cells counted{3, 9};
    std::vector<std::thread> threads;
    for (std::size_t cell = 0; cell < counted.count(); ++cell) {
        threads.emplace_back([&counted, cell] {
            for (std::uint64_t number = 0; number < each; ++number) {
                cells::add_alone(counted.at(cell, 8), cell + 1);
            }
        });
    }
    while (counted.sum(8) < each) { // a reader is in nobody's way
        std::this_thread::yield();
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(counted.sum(8), (1 + 2 + 3) * each);
    EXPECT_EQ(counted.sum(0), 0U);
}

TEST(Cells, TakeAwayByTheComplement) {
    const cells counted{1, 1};
    cells::add_alone(counted.at(0, 0), 2);
    cells::add_alone(counted.at(0, 0), ~std::uint64_t{0});
    EXPECT_EQ(counted.sum(0), 1U);
}

TEST(Cells, ShareNoCacheLine) {
    const cells counted{2, 1};
    const auto place = [&](std::size_t cell) {
        return reinterpret_cast<std::uintptr_t>(&counted.at(cell, 0)) / 64;
    };
    EXPECT_NE(place(0), place(1));
}

} // namespace
} // namespace mortise::base
