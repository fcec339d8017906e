// SPDX-License-Identifier: BSL-1.0
// What the service manager is told, read as it reads it.
#include "server/supervisor.hpp"

#include <array>
#include <cstddef>
#include <cstdlib>
#include <gtest/gtest.h>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace mortise::server {
namespace {

// A socket of the abstract namespace, at a name that the kernel chose; this process is started by
// it as long as it lives.
class service_manager {
public:
    service_manager() : socket_{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)} {
        sockaddr_un at{};
        at.sun_family = AF_UNIX;
        EXPECT_EQ(::bind(socket_, reinterpret_cast<sockaddr*>(&at), sizeof at.sun_family), 0);
        socklen_t size = sizeof at;
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&at), &size);
        const auto length = size - offsetof(sockaddr_un, sun_path) - 1;
        name_ = "@" + std::string{at.sun_path + 1, length};
        ::setenv("NOTIFY_SOCKET", name_.c_str(), 1);
    }
    service_manager(const service_manager&) = delete;
    service_manager& operator=(const service_manager&) = delete;
    ~service_manager() {
        stop();
        for (const char* const name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) {
            ::unsetenv(name);
        }
    }

    void stop() {
        if (socket_ >= 0) {
            ::close(socket_);
            socket_ = -1;
        }
    }
    // The next message; empty: there is none.
    std::string next() const {
        std::array<char, 512> room;
        const ssize_t size = ::recv(socket_, room.data(), room.size(), MSG_DONTWAIT);
        return size > 0 ? std::string{room.data(), static_cast<std::size_t>(size)} : "";
    }

private:
    int socket_;
    std::string name_;
};

TEST(Supervisor, IsToldInTheWordsOfTheProtocol) {
    const service_manager manager;
    supervisor told;
    told.tell_ready("serving 1 plugin");
    EXPECT_EQ(manager.next(), "READY=1\nSTATUS=serving 1 plugin");
    told.tell_status("serving 2 plugins");
    EXPECT_EQ(manager.next(), "STATUS=serving 2 plugins");
    told.tell_reloading();
    const auto reloading = manager.next();
    EXPECT_TRUE(reloading.starts_with("RELOADING=1\nMONOTONIC_USEC=")) << reloading;
    EXPECT_GT(std::stoll(reloading.substr(reloading.rfind('=') + 1)), 0);
    told.tell_stopping("draining");
    EXPECT_EQ(manager.next(), "STOPPING=1\nSTATUS=draining");
    told.tell_alive();
    EXPECT_EQ(manager.next(), "WATCHDOG=1");
    told.tell_main_process(4711);
    EXPECT_EQ(manager.next(), "MAINPID=4711");
}

TEST(Supervisor, TakesItsVariablesOutOfTheEnvironment) {
    const service_manager manager;
    ::setenv("WATCHDOG_USEC", "3000000", 1);
    ::setenv("WATCHDOG_PID", std::to_string(::getpid()).c_str(), 1);
    const supervisor told;
    EXPECT_EQ(std::getenv("NOTIFY_SOCKET"), nullptr);
    EXPECT_EQ(std::getenv("WATCHDOG_USEC"), nullptr);
    EXPECT_EQ(std::getenv("WATCHDOG_PID"), nullptr);
    EXPECT_EQ(told.watchdog_time(), std::chrono::seconds{3});
}

TEST(Supervisor, WatchesNoOtherProcessThanItNames) {
    const service_manager manager;
    ::setenv("WATCHDOG_USEC", "3000000", 1);
    ::setenv("WATCHDOG_PID", std::to_string(::getppid()).c_str(), 1);
    EXPECT_EQ(supervisor{}.watchdog_time(), std::chrono::seconds{0});
}

TEST(Supervisor, WatchesNobodyByWhatIsNoTime) {
    for (const char* const text : {"0", "-1", "3s", "18446744073709551615", ""}) {
        const service_manager manager;
        ::setenv("WATCHDOG_USEC", text, 1);
        EXPECT_EQ(supervisor{}.watchdog_time(), std::chrono::seconds{0}) << text;
    }
}

TEST(Supervisor, IsDoneWithoutWhereNoneIsNamed) {
    for (const auto& name : {std::string{}, std::string{"relative/socket"},
                             std::string{"vsock:2:1"}, "/" + std::string(200, 'x')}) {
        const service_manager manager;
        ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
        ::setenv("WATCHDOG_USEC", "3000000", 1);
        supervisor told;
        told.tell_ready("serving");
        EXPECT_EQ(told.watchdog_time(), std::chrono::seconds{0}) << name;
        EXPECT_EQ(manager.next(), "") << name;
    }
}

TEST(Supervisor, MayGoAway) {
    service_manager manager;
    supervisor told;
    manager.stop();
    testing::internal::CaptureStderr();
    told.tell_status("first");
    told.tell_status("second");
    const auto lines = testing::internal::GetCapturedStderr();
    EXPECT_NE(lines.find("the service manager could not be told something"), lines.npos) << lines;
    EXPECT_EQ(lines.find("second"), lines.npos) << lines;
}

} // namespace
} // namespace mortise::server
