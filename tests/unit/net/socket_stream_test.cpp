// SPDX-License-Identifier: BSL-1.0
// A stream over real sockets.
#include "async/loop.hpp"
#include "net/socket_stream.hpp"
#include "unit/net/sockets.hpp"

#include <array>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace mortise::net {
namespace {

class SocketStream : public testing::Test, public batch_observer {
protected:
    async::loop loop{0};
    readiness ready{loop, *this};
    test::socket_pair pair;
    socket_stream stream{ready, pair.host.release()};

    void on_batch_begin(base::instant) noexcept override {}
    bool on_batch_end() noexcept override { return false; }

    base::result<std::size_t> write(std::vector<std::string_view> pieces) {
        return stream.write(pieces);
    }
    std::string read() {
        std::array<char, 64> room;
        const auto size = stream.read(room);
        return size ? std::string{room.data(), *size} : size.error().message();
    }
};

TEST_F(SocketStream, ReadsWhatIsThere) {
    test::send_all(pair.client, "some bytes");
    EXPECT_EQ(read(), "some bytes");
    std::array<char, 8> room;
    const auto nothing = stream.read(room);
    ASSERT_FALSE(nothing);
    EXPECT_TRUE(is_would_block(nothing.error()));
}

TEST_F(SocketStream, ReadsTheEnd) {
    test::send_all(pair.client, "last");
    ::shutdown(pair.client.get(), SHUT_WR);
    EXPECT_EQ(read(), "last");
    EXPECT_EQ(read(), "");
    EXPECT_EQ(read(), "");
}

TEST_F(SocketStream, WritesOneToFourPiecesInOrder) {
    EXPECT_EQ(*write({"one"}), 3U);
    EXPECT_EQ(*write({"two", "", "three", "four"}), 12U);
    EXPECT_EQ(test::receive(pair.client, 15), "onetwothreefour");
}

TEST_F(SocketStream, WritesPartOfWhatDoesNotFit) {
    const std::string large(4'000'000, 'x');
    const auto first = write({"head", large});
    ASSERT_TRUE(first);
    EXPECT_LT(*first, large.size());
    base::result<std::size_t> next = 0U;
    while ((next = write({large}))) {
    }
    EXPECT_TRUE(is_would_block(next.error()));
    EXPECT_EQ(test::receive(pair.client, 6), "headxx");
}

// Neither a signal nor a crash where the client has gone.
TEST_F(SocketStream, TellsThatNobodyReads) {
    pair.client.reset();
    for (const auto& pieces :
         std::vector<std::vector<std::string_view>>{{"one"}, {"two", "three"}}) {
        const auto written = write(pieces);
        ASSERT_FALSE(written);
        EXPECT_FALSE(is_would_block(written.error()));
        EXPECT_EQ(written.error(), boost::system::errc::broken_pipe);
    }
}

TEST_F(SocketStream, ShutsItsOwnDirectionAlone) {
    stream.shut_writing();
    EXPECT_EQ(test::receive(pair.client, 1), "");
    test::send_all(pair.client, "still read");
    EXPECT_EQ(read(), "still read");
}

TEST(SocketStreamClose, ClosesWhatItTookOver) {
    async::loop loop{0};
    struct quiet final : batch_observer {
        void on_batch_begin(base::instant) noexcept override {}
        bool on_batch_end() noexcept override { return false; }
    } batches;
    readiness ready{loop, batches};
    test::socket_pair pair;
    { const socket_stream stream{ready, pair.host.release()}; }
    EXPECT_EQ(test::receive(pair.client, 1), "");
}

} // namespace
} // namespace mortise::net
