// SPDX-License-Identifier: BSL-1.0
// Unix sockets at files: who may open them, what they replace, and when they go.
#include "net/socket_file.hpp"
#include "unit/net/sockets.hpp"

#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <optional>
#include <sys/stat.h>
#include <sys/un.h>
#include <utility>

namespace mortise::net {
namespace {

namespace errc = boost::system::errc;

class SocketFile : public testing::Test {
protected:
    SocketFile() {
        std::string name = (std::filesystem::temp_directory_path() / "mortise-XXXXXX").string();
        EXPECT_NE(::mkdtemp(name.data()), nullptr);
        folder = name;
        file = folder / "file.sock";
    }
    ~SocketFile() override { std::filesystem::remove_all(folder); }

    // Whether somebody listens there.
    bool connects() const {
        sockaddr_un at{};
        at.sun_family = AF_UNIX;
        file.native().copy(at.sun_path, sizeof at.sun_path - 1);
        const test::descriptor client{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        return ::connect(client.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0;
    }

    std::filesystem::path folder;
    std::filesystem::path file;
};

TEST_F(SocketFile, ListensWithItsMode) {
    const mode_t before = ::umask(0022);
    for (const unsigned mode : {0600U, 0660U, 0666U}) {
        const auto opened = local_socket::open(file, mode);
        ASSERT_TRUE(opened);
        struct stat about {};
        ASSERT_EQ(::lstat(file.c_str(), &about), 0);
        EXPECT_EQ(about.st_mode & 07777, mode);
        EXPECT_TRUE(connects());
    }
    EXPECT_EQ(::umask(before), 0022U); // as it was
}

TEST_F(SocketFile, TakesAnotherModeAndSaysWhichItHad) {
    const auto opened = local_socket::open(file, 0660);
    ASSERT_TRUE(opened);
    for (const auto& [mode, before] : {std::pair{0600U, 0660U}, {0600U, 0600U}, {0666U, 0600U}}) {
        EXPECT_EQ(opened->file.set_mode(mode).value(), before);
        struct stat about {};
        ASSERT_EQ(::lstat(file.c_str(), &about), 0);
        EXPECT_EQ(about.st_mode & 07777, mode);
    }
    EXPECT_TRUE(connects());
}

TEST_F(SocketFile, LeavesTheModeOfAnotherFile) {
    const auto opened = local_socket::open(file, 0660);
    ASSERT_TRUE(opened);
    std::filesystem::rename(file, folder / "moved");
    EXPECT_EQ(opened->file.set_mode(0600).error(), errc::no_such_file_or_directory);
    std::ofstream{file} << "text";
    std::filesystem::permissions(file, std::filesystem::perms{0644});
    EXPECT_EQ(opened->file.set_mode(0600).error(), errc::file_exists);
    EXPECT_EQ(std::filesystem::status(file).permissions(), std::filesystem::perms{0644});
    std::filesystem::remove(file);
    std::filesystem::create_symlink(folder / "moved", file);
    EXPECT_EQ(opened->file.set_mode(0600).error(), errc::file_exists);
    EXPECT_EQ(std::filesystem::status(folder / "moved").permissions(),
              std::filesystem::perms{0660});
}

TEST_F(SocketFile, GivesADescriptorThatNeitherBlocksNorIsInherited) {
    const auto opened = local_socket::open(file, 0660);
    ASSERT_TRUE(opened);
    EXPECT_NE(::fcntl(opened->descriptor.number(), F_GETFL) & O_NONBLOCK, 0);
    EXPECT_NE(::fcntl(opened->descriptor.number(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST_F(SocketFile, GoesWithItsOwner) {
    {
        const auto opened = local_socket::open(file, 0660);
        ASSERT_TRUE(opened);
        EXPECT_TRUE(std::filesystem::exists(file));
    }
    EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(SocketFile, ReplacesOneThatNobodyListensAt) {
    auto stale = local_socket::open(file, 0600);
    ASSERT_TRUE(stale);
    const base::descriptor closed{std::move(stale->descriptor)};
    ::shutdown(closed.number(), SHUT_RDWR);
    const auto opened = local_socket::open(file, 0660);
    ASSERT_TRUE(opened);
    EXPECT_TRUE(connects());
}

TEST_F(SocketFile, LeavesTheFileOfItsSuccessor) {
    std::optional<local_socket> first{std::move(*local_socket::open(file, 0660))};
    ::shutdown(first->descriptor.number(), SHUT_RDWR);
    const auto second = local_socket::open(file, 0660);
    ASSERT_TRUE(second);
    first.reset();
    EXPECT_TRUE(connects());
}

TEST_F(SocketFile, RefusesThePlaceOfAnother) {
    const auto first = local_socket::open(file, 0660);
    ASSERT_TRUE(first);
    const auto second = local_socket::open(file, 0660);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error(), errc::address_in_use);
    EXPECT_TRUE(connects());
}

TEST_F(SocketFile, RefusesThePlaceOfAnotherKindOfFile) {
    std::ofstream{file} << "text";
    const auto opened = local_socket::open(file, 0660);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error(), errc::file_exists);
    std::filesystem::remove(file);
    std::filesystem::create_symlink(folder / "elsewhere", file);
    EXPECT_FALSE(local_socket::open(file, 0660));
    EXPECT_TRUE(std::filesystem::is_symlink(file));
}

TEST_F(SocketFile, SaysWhatTheKernelSays) {
    EXPECT_EQ(local_socket::open(folder / "none" / "file.sock", 0660).error(),
              errc::no_such_file_or_directory);
    EXPECT_EQ(local_socket::open(folder / std::string(200, 'x'), 0660).error(),
              errc::filename_too_long);
}

TEST(JudgeSocketPath, SaysHowLongOneMayBe) {
    EXPECT_EQ(judge_socket_path("/" + std::string(106, 'x')), "");
    const std::string longer = "/" + std::string(107, 'x');
    EXPECT_EQ(judge_socket_path(longer), "\"" + longer +
                                             "\" is too long for a unix socket, with 108 bytes; "
                                             "choose a path of at most 107 bytes");
    const std::string broken{"/a\0b", 4};
    EXPECT_EQ(judge_socket_path(broken),
              "\"" + broken + "\" is no path of a unix socket: it holds a zero byte; take it out");
}

} // namespace
} // namespace mortise::net
