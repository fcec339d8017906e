// SPDX-License-Identifier: BSL-1.0
// A stream over real sockets.
#include "async/loop.hpp"
#include "loopback/file.hpp"
#include "net/listener.hpp"
#include "net/socket_stream.hpp"
#include "unit/net/sockets.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <gtest/gtest.h>
#include <poll.h>
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

// A process that is being started has a copy of every descriptor for a moment.
TEST_F(SocketStream, IsHeardOfNoMoreThoughACopyOfItsSocketIsOpen) {
    struct counting final : observer {
        void on_ready(ready_events /*events*/) noexcept override { ++told; }
        int told = 0;
    } watcher;
    test::socket_pair other;
    const test::descriptor copy{::dup(other.host.get())};
    {
        socket_stream closing{ready, other.host.release()};
        ASSERT_TRUE(closing.watch(watcher));
        loop.context().poll();
    }
    watcher.told = 0;
    test::send_all(other.client, "late");
    loop.context().poll();
    EXPECT_EQ(watcher.told, 0);
}

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

TEST_F(SocketStream, WritesARangeOfAFile) {
    const test::descriptor file{loopback::make_file("0123456789")};
    EXPECT_EQ(*stream.write_file(file.get(), 2, 5), 5U);
    EXPECT_EQ(*stream.write_file(file.get(), 8, 5), 2U);
    EXPECT_EQ(*stream.write_file(file.get(), 10, 5), 0U); // its end
    EXPECT_EQ(test::receive(pair.client, 7), "2345689");
    EXPECT_EQ(::lseek(file.get(), 0, SEEK_CUR), 10); // where the test's own write has left it
}

TEST_F(SocketStream, WritesPartOfAFileThatDoesNotFit) {
    const test::descriptor file{loopback::make_file(std::string(4'000'000, 'x'))};
    std::uint64_t offset = 0;
    base::result<std::size_t> next = 0U;
    while ((next = stream.write_file(file.get(), offset, 4'000'000)) && *next != 0) {
        offset += *next;
    }
    ASSERT_FALSE(next);
    EXPECT_TRUE(is_would_block(next.error()));
    EXPECT_EQ(test::receive(pair.client, offset).size(), offset);
}

TEST_F(SocketStream, TellsThatAFileCannotBeRead) {
    const auto written = stream.write_file(-1, 0, 1);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error(), boost::system::errc::bad_file_descriptor);
}

TEST_F(SocketStream, TellsThatNobodyReadsAFile) {
    std::signal(SIGPIPE, SIG_IGN); // as the host does
    pair.client.reset();
    const test::descriptor file{loopback::make_file("0123456789")};
    const auto written = stream.write_file(file.get(), 0, 10);
    std::signal(SIGPIPE, SIG_DFL);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error(), boost::system::errc::broken_pipe);
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

TEST(SocketStreamClose, ResetsWhereTheEndWouldMislead) {
    async::loop loop{0};
    struct quiet final : batch_observer {
        void on_batch_begin(base::instant) noexcept override {}
        bool on_batch_end() noexcept override { return false; }
    } batches;
    readiness ready{loop, batches};
    const auto listening =
        test::descriptor{*open_listening_socket({boost::asio::ip::address_v4::loopback(), 0})};
    const auto client = test::connect_to(*local_endpoint(listening.get()));
    pollfd waits{.fd = listening.get(), .events = POLLIN, .revents = 0};
    ASSERT_EQ(::poll(&waits, 1, -1), 1);
    {
        socket_stream stream{ready, ::accept(listening.get(), nullptr, nullptr)};
        stream.reset_on_close();
    }
    char room[1];
    EXPECT_EQ(::recv(client.get(), room, sizeof room, 0), -1);
    EXPECT_EQ(errno, ECONNRESET);
}

} // namespace
} // namespace mortise::net
