// SPDX-License-Identifier: BSL-1.0
// Lines and open files between two ends, and listening sockets that are found by name.
#include "net/handed_sockets.hpp"
#include "net/listener.hpp"
#include "net/socket_message.hpp"

#include <array>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <string>
#include <sys/stat.h>
#include <utility>
#include <vector>

namespace mortise::net {
namespace {

using boost::asio::ip::tcp;

ino_t number_of(int file) {
    struct stat about {};
    EXPECT_EQ(::fstat(file, &about), 0);
    return about.st_ino;
}

base::descriptor listening_at(const char* address) {
    const auto opened = open_listening_socket({boost::asio::ip::make_address(address), 0});
    EXPECT_TRUE(opened);
    return base::descriptor{*opened};
}

TEST(SocketMessage, BringsALineAndItsFiles) {
    const auto ends = two_ends();
    ASSERT_TRUE(ends);
    const auto socket = listening_at("127.0.0.1");
    const std::array files{socket.number(), ends->first.number()};
    ASSERT_TRUE(socket_message::send(ends->first.number(), "first", files));
    ASSERT_TRUE(socket_message::send(ends->first.number(), "second"));
    const auto first = socket_message::receive(ends->second.number());
    ASSERT_TRUE(first);
    EXPECT_EQ(first->text, "first");
    ASSERT_EQ(first->files.size(), 2U);
    EXPECT_EQ(number_of(first->files[0].number()), number_of(socket.number()));
    EXPECT_NE(::fcntl(first->files[0].number(), F_GETFD) & FD_CLOEXEC, 0);
    const auto second = socket_message::receive(ends->second.number());
    ASSERT_TRUE(second);
    EXPECT_EQ(second->text, "second");
    EXPECT_TRUE(second->files.empty());
}

TEST(SocketMessage, TellsNothingYetFromTheEnd) {
    auto ends = two_ends();
    ASSERT_TRUE(ends);
    const auto none = socket_message::receive(ends->second.number());
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error(), boost::system::errc::operation_would_block);
    ends->first = base::descriptor{};
    const auto end = socket_message::receive(ends->second.number());
    EXPECT_TRUE(!end || end->text.empty());
}

TEST(SocketMessage, RefusesMoreThanFits) {
    const auto ends = two_ends();
    ASSERT_TRUE(ends);
    const std::string text(socket_message::most_bytes + 1, 'x');
    EXPECT_FALSE(socket_message::send(ends->first.number(), text));
    const std::vector<int> files(socket_message::most_files + 1, ends->first.number());
    EXPECT_FALSE(socket_message::send(ends->first.number(), "files", files));
}

TEST(HandedSockets, FindsThemByNameOnce) {
    handed_sockets all;
    all.add("systemd:web", listening_at("127.0.0.1"));
    all.add("systemd:web", listening_at("127.0.0.1"));
    all.add("unix:/a", listening_at("127.0.0.1"));
    EXPECT_FALSE(all.take_one("unix:/b"));
    EXPECT_TRUE(all.take_one("unix:/a"));
    EXPECT_FALSE(all.take_one("unix:/a"));
    const auto rest = all.take_all("systemd:");
    ASSERT_EQ(rest.size(), 2U);
    EXPECT_EQ(rest[0].first, "web");
    EXPECT_TRUE(all.is_empty());
}

TEST(HandedSockets, FindsTcpByWhereItListens) {
    handed_sockets all;
    auto socket = listening_at("127.0.0.1");
    const auto at = *local_endpoint(socket.number());
    all.add("localhost:0", std::move(socket));
    const tcp::endpoint any_port{at.address(), 0};
    EXPECT_TRUE(all.take("127.0.0.1:0", any_port).empty()); // another name, and no port
    EXPECT_TRUE(all.take("x", {boost::asio::ip::make_address("127.0.0.2"), at.port()}).empty());
    auto found = all.take("127.0.0.1:1", at); // whatever it is called
    ASSERT_EQ(found.size(), 1U);
    all.add("localhost:0", std::move(found[0]));
    EXPECT_EQ(all.take("localhost:0", any_port).size(), 1U);
}

} // namespace
} // namespace mortise::net
