// SPDX-License-Identifier: BSL-1.0
// Bytes that grow at the end and go at once.
#include "net/output.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <string>

namespace mortise::net {
namespace {

TEST(Output, IsEmptyAtFirst) {
    const output out;
    EXPECT_TRUE(out.is_empty());
    EXPECT_EQ(out.view(), "");
}

TEST(Output, KeepsItsBytesWhileItGrows) {
    output out;
    std::string expected;
    for (std::size_t count = 0; expected.size() < 300'000; ++count) {
        const std::string piece(count * 13 % 977, static_cast<char>('a' + count % 26));
        out.append(piece);
        expected += piece;
    }
    EXPECT_TRUE(out.view() == expected);
    EXPECT_EQ(out.size(), expected.size());
}

TEST(Output, CountsOnlyWhatIsCommitted) {
    output out;
    out.append("ab");
    char* const room = out.prepare(100'000);
    std::fill_n(room, 100'000, 'x');
    out.commit(3);
    EXPECT_EQ(out.view(), "abxxx");
    out.prepare(50);
    EXPECT_EQ(out.view(), "abxxx");
}

TEST(Output, HasTheRoomThatWasAskedFor) {
    output out;
    for (const std::size_t size : {1, 16 * 1024 - 1, 16 * 1024, 40'000, 1'000'000}) {
        std::fill_n(out.prepare(size), size, 'x');
        out.commit(size);
    }
    EXPECT_EQ(out.size(), static_cast<std::size_t>(std::ranges::count(out.view(), 'x')));
}

TEST(Output, ForgetsItsEnd) {
    output out;
    out.append("HTTP/1.1 200 OK");
    out.truncate(8);
    out.append("!");
    EXPECT_EQ(out.view(), "HTTP/1.1!");
}

TEST(Output, StartsAnewAfterAClear) {
    output out;
    for (const std::size_t size : {10, 300'000, 10}) { // a large one gives its memory back
        out.append(std::string(size, 'x'));
        EXPECT_EQ(out.size(), size);
        out.clear();
        EXPECT_TRUE(out.is_empty());
        EXPECT_EQ(out.view(), "");
    }
    out.append("new");
    EXPECT_EQ(out.view(), "new");
}

TEST(Output, TakesNothing) {
    output out;
    out.append("");
    out.append(std::string_view{});
    EXPECT_TRUE(out.is_empty());
    out.clear();
    EXPECT_TRUE(out.is_empty());
}

} // namespace
} // namespace mortise::net
