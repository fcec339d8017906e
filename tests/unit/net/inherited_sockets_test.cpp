// SPDX-License-Identifier: BSL-1.0
// Socket activation, in a child process: its descriptors begin at 3.
#include "net/inherited_sockets.hpp"
#include "net/listener.hpp"
#include "unit/net/sockets.hpp"

#include <cstdlib>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <sys/wait.h>

namespace mortise::net {
namespace {

// Runs `check` in a child that was started with `sockets`; its text comes back.
template <class Check>
std::string in_child(const std::vector<int>& sockets, const std::string& names, Check check,
                     const std::string& owner = {}) {
    std::array<int, 2> pipe{};
    EXPECT_EQ(::pipe(pipe.data()), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        constexpr int above = 100; // where nothing is in the way
        ::dup2(pipe[1], above);
        for (std::size_t at = 0; at < sockets.size(); ++at) {
            ::dup2(sockets[at], above + 1 + static_cast<int>(at));
        }
        for (std::size_t at = 0; at < sockets.size(); ++at) {
            ::dup2(above + 1 + static_cast<int>(at), 3 + static_cast<int>(at));
        }
        ::setenv("LISTEN_PID", owner.empty() ? std::to_string(::getpid()).c_str() : owner.c_str(),
                 1);
        ::setenv("LISTEN_FDS", std::to_string(sockets.size()).c_str(), 1);
        ::setenv("LISTEN_FDNAMES", names.c_str(), 1);
        const std::string told = check(inherited_sockets::take_from_environment());
        const auto written = ::write(above, told.data(), told.size());
        ::_exit(written == static_cast<ssize_t>(told.size()) ? 0 : 1);
    }
    ::close(pipe[1]);
    std::string told(4096, '\0');
    told.resize(static_cast<std::size_t>(::read(pipe[0], told.data(), told.size())));
    ::close(pipe[0]);
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
    return told;
}

std::string describe(const inherited_sockets& from, std::string_view name) {
    const auto copies = from.copy(name);
    if (!copies) {
        return copies.error();
    }
    std::string told;
    for (const auto& each : *copies) {
        const bool blocks = (::fcntl(each.number(), F_GETFL) & O_NONBLOCK) == 0;
        const bool is_inherited = (::fcntl(each.number(), F_GETFD) & FD_CLOEXEC) == 0;
        told += std::to_string(local_endpoint(each.number())->port()) + (blocks ? " blocks" : "") +
                (is_inherited ? " is inherited" : "") + "\n";
    }
    return told;
}

class InheritedSockets : public testing::Test {
protected:
    const test::descriptor one{
        *open_listening_socket({boost::asio::ip::address_v4::loopback(), 0})};
    const test::descriptor other{
        *open_listening_socket({boost::asio::ip::address_v4::loopback(), 0})};

    static std::string port(const test::descriptor& of) {
        return std::to_string(local_endpoint(of.get())->port()) + "\n";
    }
};

TEST_F(InheritedSockets, AreFoundByName) {
    const auto told = in_child({one.get(), other.get()}, "web:more", [](const auto& from) {
        return describe(from, "more") + describe(from, "web") + describe(from, "web");
    });
    EXPECT_EQ(told, port(other) + port(one) + port(one));
}

TEST_F(InheritedSockets, DoNotDelayWhatIsWritten) {
    const test::descriptor plain{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    ASSERT_EQ(::listen(plain.get(), 1), 0);
    const auto told = in_child({plain.get()}, "web", [](const auto& from) {
        int no_delay = 0;
        socklen_t size = sizeof no_delay;
        ::getsockopt(from.copy("web")->front().number(), IPPROTO_TCP, TCP_NODELAY, &no_delay,
                     &size);
        return std::to_string(no_delay);
    });
    EXPECT_EQ(told, "1");
}

TEST_F(InheritedSockets, MayShareAName) {
    const auto told = in_child({one.get(), other.get()}, "web:web",
                               [](const auto& from) { return describe(from, "web"); });
    EXPECT_EQ(told, port(one) + port(other));
}

TEST_F(InheritedSockets, AreUnknownWithoutNames) {
    const auto told = in_child({one.get()}, "", [](const auto& from) {
        return describe(from, "unknown") + describe(from, "web");
    });
    EXPECT_EQ(told, port(one) + "no socket of that name was inherited; there is unknown");
}

TEST_F(InheritedSockets, NameWhatThereIs) {
    const auto told = in_child({one.get(), other.get()}, "web:more",
                               [](const auto& from) { return describe(from, "admin"); });
    EXPECT_EQ(told, "no socket of that name was inherited; there is web, more");
}

TEST_F(InheritedSockets, AreOfTheProcessThatTheyWereMeantFor) {
    const auto told = in_child(
        {one.get()}, "web", [](const auto& from) { return describe(from, "web"); }, "1");
    EXPECT_EQ(told, "no socket was inherited; start the host by a socket unit with "
                    "FileDescriptorName=web");
}

TEST_F(InheritedSockets, LeaveNoVariableAndNothingForChildren) {
    const auto told = in_child({one.get()}, "web", [](const auto&) {
        std::string left;
        for (const auto* const name : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"}) {
            left += std::getenv(name) == nullptr ? "" : name;
        }
        return left + ((::fcntl(3, F_GETFD) & FD_CLOEXEC) != 0 ? "kept" : "given on");
    });
    EXPECT_EQ(told, "kept");
}

TEST_F(InheritedSockets, RefuseWhatListensToNoStream) {
    const test::descriptor datagrams{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    const test::socket_pair connected;
    for (const int socket : {datagrams.get(), connected.host.get()}) {
        const auto told =
            in_child({socket}, "web", [](const auto& from) { return describe(from, "web"); });
        EXPECT_EQ(told, "descriptor 3 is no listening stream socket; write ListenStream= and "
                        "Accept=no in the socket unit");
    }
}

} // namespace
} // namespace mortise::net
