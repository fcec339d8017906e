// SPDX-License-Identifier: BSL-1.0
// The bytes of the connection that is being served.
#include "http1/workspace.hpp"

#include <cstring>
#include <gtest/gtest.h>

namespace mortise::http1 {
namespace {

void read_into(input_buffer& buffer, std::string_view bytes) {
    std::memcpy(buffer.room().data(), bytes.data(), bytes.size());
    buffer.commit(bytes.size());
}

TEST(InputBuffer, BeginsEmptyWithAllItsRoom) {
    input_buffer buffer;
    EXPECT_EQ(buffer.unread(), "");
    EXPECT_EQ(buffer.room().size(), input_buffer::capacity);
}

TEST(InputBuffer, ReadsBehindWhatIsUnread) {
    input_buffer buffer;
    buffer.load("ab");
    read_into(buffer, "cd");
    EXPECT_EQ(buffer.unread(), "abcd");
    EXPECT_EQ(buffer.room().size(), input_buffer::capacity - 4);
}

TEST(InputBuffer, MovesUnreadBytesToTheFrontForRoom) {
    input_buffer buffer;
    buffer.load("abcdef");
    buffer.unread().remove_prefix(4);
    read_into(buffer, "gh");
    EXPECT_EQ(buffer.unread(), "efgh");
    EXPECT_EQ(buffer.room().size(), input_buffer::capacity - 4);
}

TEST(InputBuffer, ForgetsAnEarlierTurn) {
    input_buffer buffer;
    buffer.load("abc");
    buffer.load("");
    EXPECT_EQ(buffer.unread(), "");
}

TEST(Limits, LetAHeadFitInTheInputBuffer) {
    EXPECT_LT(limits::largest_head, input_buffer::capacity);
}

} // namespace
} // namespace mortise::http1
