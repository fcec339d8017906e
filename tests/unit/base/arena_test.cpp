// SPDX-License-Identifier: BSL-1.0
// Memory of one exchange: where it lies, how it grows, and what it refuses.
#include "base/arena.hpp"

#include <algorithm>
#include <cstdint>
#include <gtest/gtest.h>
#include <limits>
#include <new>
#include <string>
#include <vector>

namespace mortise::base {
namespace {

constexpr std::size_t largest = std::numeric_limits<std::size_t>::max();

bool is_inside(const arena& memory, const void* at) {
    const auto* const begin = reinterpret_cast<const std::byte*>(&memory);
    const auto* const place = static_cast<const std::byte*>(at);
    return place >= begin && place < begin + sizeof memory;
}

TEST(Arena, AlignsEachAddress) {
    arena memory;
    for (std::size_t align = 1; align <= 4096; align *= 2) {
        for (const std::size_t size : {1, 3, 17, 300}) {
            const auto at = reinterpret_cast<std::uintptr_t>(memory.allocate(size, align));
            EXPECT_EQ(at % align, 0U) << size << " bytes aligned to " << align;
        }
    }
}

TEST(Arena, GivesAwayEachByteOnce) {
    arena memory;
    struct piece {
        unsigned char* at;
        std::size_t size;
        unsigned char mark;
    };
    std::vector<piece> pieces;
    for (unsigned number = 0; number < 400; ++number) {
        const std::size_t size = 1 + (number * 37) % 211;
        const std::size_t align = std::size_t{1} << (number % 7);
        auto* const at = static_cast<unsigned char*>(memory.allocate(size, align));
        const auto mark = static_cast<unsigned char>(number);
        std::fill_n(at, size, mark);
        pieces.push_back({at, size, mark});
    }
    for (const auto& piece : pieces) {
        EXPECT_EQ(std::count(piece.at, piece.at + piece.size, piece.mark),
                  static_cast<std::ptrdiff_t>(piece.size));
    }
}

TEST(Arena, FillsItsFirstBlockBeforeItGrows) {
    arena memory;
    EXPECT_TRUE(is_inside(memory, memory.allocate(arena::first_size - 1, 1)));
    EXPECT_TRUE(is_inside(memory, memory.allocate(1, 1)));
    EXPECT_FALSE(is_inside(memory, memory.allocate(1, 1)));
}

TEST(Arena, GrowsWhereOnlyAlignmentIsMissing) {
    arena memory;
    memory.allocate(arena::first_size - 7, 1);
    const auto* const at = memory.allocate(7, 64);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(at) % 64, 0U);
    EXPECT_FALSE(is_inside(memory, at));
}

TEST(Arena, GivesMoreThanABlockAtOnce) {
    arena memory;
    constexpr std::size_t size = 1'000'000;
    auto* const at = static_cast<char*>(memory.allocate(size, 32));
    std::fill_n(at, size, 'x');
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(at) % 32, 0U);
    EXPECT_EQ(memory.copy("behind it"), "behind it");
}

TEST(Arena, KeepsItsFirstBlockOnRelease) {
    arena memory;
    const auto* const first = memory.allocate(16, 16);
    for (int count = 0; count < 100; ++count) {
        memory.allocate(arena::first_size, 1);
    }
    memory.release();
    EXPECT_EQ(memory.allocate(16, 16), first);
    EXPECT_TRUE(is_inside(memory, memory.allocate(arena::first_size - 16, 1)));
}

TEST(Arena, CopiesText) {
    arena memory;
    std::string text(3000, 'a');
    const auto copied = memory.copy(text);
    text.assign(text.size(), 'b');
    EXPECT_EQ(copied, std::string(3000, 'a'));
    EXPECT_NE(copied.data(), text.data());
    EXPECT_TRUE(memory.copy("").empty());
}

TEST(Arena, GivesArraysOfTheirTypesAlignment) {
    struct alignas(64) wide {
        char bytes[64];
    };
    arena memory;
    memory.allocate(1, 1);
    const auto found = memory.array<wide>(40);
    ASSERT_EQ(found.size(), 40U);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(found.data()) % 64, 0U);
    found[39].bytes[63] = 'x';
}

TEST(Arena, RefusesSizesThatNoMemoryHolds) {
    arena memory;
    for (const std::size_t size : {largest, largest - 1, largest - 8, largest / 2 + 1}) {
        for (const std::size_t align : {1U, 16U, 4096U}) {
            EXPECT_THROW(memory.allocate(size, align), std::bad_alloc) << size << ' ' << align;
        }
    }
    EXPECT_EQ(memory.copy("still of use"), "still of use");
}

TEST(Arena, TakesNoMoreOfTheHeapThanItsLimit) {
    arena memory;
    memory.limit_heap(8192);
    memory.allocate(arena::first_size, 1);
    memory.allocate(1000, 1);
    EXPECT_THROW(memory.allocate(3500, 1), std::bad_alloc);
    EXPECT_THROW(memory.allocate(8192, 1), std::bad_alloc);
    EXPECT_EQ(memory.copy("of the block that is there"), "of the block that is there");
    memory.release();
    memory.allocate(100'000, 1); // by the next one, which has no limit
}

TEST(Arena, KnowsItsOwnMemory) {
    arena memory;
    const auto* const first = static_cast<const std::byte*>(memory.allocate(1, 1));
    const auto* const large = static_cast<const std::byte*>(memory.allocate(10'000, 1));
    memory.allocate(10'000, 1);
    EXPECT_TRUE(memory.holds(first));
    EXPECT_TRUE(memory.holds(large));
    EXPECT_TRUE(memory.holds(large + 9'999));
    const std::byte other{};
    EXPECT_FALSE(memory.holds(&other));
    EXPECT_FALSE(memory.holds(nullptr));
    memory.release();
    EXPECT_TRUE(memory.holds(first));
}

TEST(Arena, RefusesArraysWhoseSizeWraps) {
    arena memory;
    EXPECT_THROW(memory.array<std::uint64_t>(largest / 8 + 2), std::bad_alloc);
    EXPECT_THROW(memory.array<std::uint16_t>(largest / 2 + 2), std::bad_alloc);
    EXPECT_THROW(memory.array<std::uint64_t>(largest), std::bad_alloc);
}

} // namespace
} // namespace mortise::base
