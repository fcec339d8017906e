// SPDX-License-Identifier: BSL-1.0
// From a text to sockets: names, ports, and what is said where it cannot be.
#include "net/handed_sockets.hpp"
#include "net/inherited_sockets.hpp"
#include "net/listen_address.hpp"
#include "net/listener.hpp"
#include "server/listening.hpp"
#include "unit/server/name_service.hpp"

#include <filesystem>
#include <gtest/gtest.h>
#include <iterator>
#include <sys/stat.h>
#include <unistd.h>

namespace mortise::server {
namespace {

using endpoint = boost::asio::ip::tcp::endpoint;

net::listener_settings at(const std::string& address) {
    net::listener_settings asked;
    asked.address = address;
    return asked;
}

// Opened sockets, by loop, as endpoints; they are closed when it goes.
class opened {
public:
    explicit opened(const std::string& listen, std::size_t loops = 1) {
        net::handed_sockets none;
        auto made = open_listening(at(listen), {}, none, loops);
        if (made) {
            listening_ = std::move(*made);
        } else {
            ADD_FAILURE() << made.error();
        }
    }
    ~opened() { close_sockets(listening_); }
    opened(const opened&) = delete;
    opened& operator=(const opened&) = delete;

    const std::string& url() const noexcept { return listening_.url; }
    const listening& all() const noexcept { return listening_; }
    std::vector<endpoint> endpoints(std::size_t loop = 0) const {
        std::vector<endpoint> found;
        if (loop < listening_.sockets.size()) {
            for (const int socket : listening_.sockets[loop]) {
                found.push_back(*net::local_endpoint(socket));
            }
        }
        return found;
    }
    std::string port() const {
        const auto all = endpoints();
        return all.empty() ? "" : std::to_string(all[0].port());
    }

private:
    listening listening_;
};

std::string refusal(const std::string& listen) {
    net::handed_sockets none;
    const auto made = open_listening(at(listen), {}, none, 2);
    EXPECT_FALSE(made) << listen;
    return made ? "" : made.error();
}

std::vector<std::string> addresses(const opened& of) {
    std::vector<std::string> found;
    for (const auto& at : of.endpoints()) {
        found.push_back(at.address().to_string());
    }
    return found;
}

std::size_t open_descriptors() {
    const std::filesystem::directory_iterator all{"/proc/self/fd"};
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

TEST(OpenListening, OpensASocketForEachLoopOnOnePort) {
    const opened made{"127.0.0.1:0", 3};
    const auto first = made.endpoints(0);
    ASSERT_EQ(first.size(), 1U);
    EXPECT_NE(first[0].port(), 0);
    EXPECT_EQ(made.endpoints(1), first);
    EXPECT_EQ(made.endpoints(2), first);
    EXPECT_EQ(made.url(), "http://127.0.0.1:" + made.port() + "/");
}

TEST(OpenListening, TakesTheNameOfThisMachine) {
    const opened made{"localhost:0"};
    ASSERT_GE(made.endpoints().size(), 1U);
    for (const auto& at : made.endpoints()) {
        EXPECT_TRUE(at.address().is_loopback());
        EXPECT_EQ(std::to_string(at.port()), made.port());
    }
    EXPECT_EQ(made.url(), "http://localhost:" + made.port() + "/");
}

TEST(OpenListening, OpensEachAddressOfANameOnOnePort) {
    const test::known_name name{"two.test", {"127.0.0.1", "127.0.0.2"}};
    const opened made{"two.test:0", 2};
    EXPECT_EQ(addresses(made), (std::vector<std::string>{"127.0.0.1", "127.0.0.2"}));
    EXPECT_EQ(made.endpoints(1), made.endpoints(0));
    EXPECT_EQ(made.endpoints()[0].port(), made.endpoints()[1].port());
}

TEST(OpenListening, OpensAnAddressOnceThatANameHasTwice) {
    const test::known_name name{"twice.test", {"127.0.0.1", "127.0.0.2", "127.0.0.1"}};
    const opened made{"twice.test:0"};
    EXPECT_EQ(addresses(made), (std::vector<std::string>{"127.0.0.1", "127.0.0.2"}));
}

TEST(OpenListening, PassesOverAddressesThatThisMachineLacks) { // RFC 5737: not of this machine
    const test::known_name name{"partly.test", {"192.0.2.1", "127.0.0.1"}};
    const opened made{"partly.test:0"};
    EXPECT_EQ(addresses(made), (std::vector<std::string>{"127.0.0.1"}));
}

TEST(OpenListening, SaysThatNoAddressIsOfThisMachine) {
    EXPECT_EQ(refusal("192.0.2.1:0"), "cannot listen on 192.0.2.1:0: Cannot assign requested "
                                      "address; choose another address");
}

TEST(OpenListening, SaysThatThePortIsInUse) {
    const opened first{"127.0.0.1:0"};
    const auto at = "127.0.0.1:" + first.port();
    EXPECT_EQ(refusal(at), "cannot listen on " + at +
                               ": Address already in use; stop what listens there, or choose "
                               "another");
}

TEST(OpenListening, ClosesWhatItOpenedBeforeItFailed) {
    const opened taken{"127.0.0.2:0"};
    const test::known_name name{"half.test", {"127.0.0.1", "127.0.0.2"}};
    const auto before = open_descriptors();
    EXPECT_NE(refusal("half.test:" + taken.port()).find("in use"), std::string::npos);
    EXPECT_EQ(open_descriptors(), before);
    const opened again{"127.0.0.1:" + taken.port()};
    EXPECT_EQ(again.port(), taken.port());
}

TEST(OpenListening, ListensOnThePortAgainAtOnce) {
    std::string at;
    {
        const opened made{"127.0.0.1:0", 2};
        at = "127.0.0.1:" + made.port();
    }
    const opened again{at, 2};
    EXPECT_EQ("127.0.0.1:" + again.port(), at);
}

TEST(OpenListening, RefusesTextsThatAreNoAddress) {
    for (const std::string text : {"", "8080", "unix:file.sock", "systemd:"}) {
        EXPECT_EQ(refusal(text), net::listen_address::parse(text).error());
    }
}

TEST(OpenListening, SaysThatANameIsUnknown) {
    const test::known_name name{"unknown.test", {"not an address"}};
    const auto said = refusal("unknown.test:0");
    EXPECT_TRUE(said.starts_with("cannot listen on unknown.test:0: Host not found")) << said;
    EXPECT_TRUE(said.ends_with("; choose another address")) << said;
}

// Every loop has a descriptor of the same socket: a client waits for whichever comes first.
TEST(OpenListening, SharesAUnixSocketAmongLoops) {
    const auto file = std::filesystem::temp_directory_path() /
                      ("mortise-" + std::to_string(::getpid()) + ".sock");
    {
        const opened made{"unix:" + file.string(), 2};
        EXPECT_EQ(made.url(), "unix:" + file.string());
        EXPECT_TRUE(made.all().is_shared);
        EXPECT_FALSE(made.all().is_tcp());
        ASSERT_EQ(made.all().sockets[0].size(), 1U);
        ASSERT_EQ(made.all().sockets[1].size(), 1U);
        struct stat one {};
        struct stat other {};
        EXPECT_EQ(::fstat(made.all().sockets[0][0], &one), 0);
        EXPECT_EQ(::fstat(made.all().sockets[1][0], &other), 0);
        EXPECT_EQ(one.st_ino, other.st_ino);
        EXPECT_NE(made.all().sockets[0][0], made.all().sockets[1][0]);
        EXPECT_EQ(refusal("unix:" + file.string()),
                  "cannot listen on unix:" + file.string() +
                      ": another host listens there; stop it, or choose another address");
    }
    EXPECT_FALSE(std::filesystem::exists(file));
}

TEST(ApplyMode, GivesTheFileTheModeOfTheSettingsAndSaysSo) {
    const auto file = std::filesystem::temp_directory_path() /
                      ("mortise-mode-" + std::to_string(::getpid()) + ".sock");
    const std::string address = "unix:" + file.string();
    net::handed_sockets none;
    auto made = open_listening(at(address), {}, none, 1);
    ASSERT_TRUE(made);
    EXPECT_EQ(apply_mode(*made), "");
    made->settings.mode = 0600;
    EXPECT_EQ(apply_mode(*made), "mode of " + address + " is \"0600\" now");
    EXPECT_EQ(std::filesystem::status(file).permissions(), std::filesystem::perms{0600});
    EXPECT_EQ(apply_mode(*made), "");
    std::filesystem::remove(file);
    EXPECT_EQ(apply_mode(*made), "mode of " + address +
                                     " is not changed: No such file or directory; let the host's "
                                     "user own the file, or restart the host");
    close_sockets(*made);
}

TEST(ApplyMode, LeavesWhatIsNoFile) {
    const opened made{"127.0.0.1:0"};
    EXPECT_EQ(apply_mode(made.all()), "");
}

TEST(OwnFile, GivesTheFileOfAnotherHostTheModeOfItsSettings) {
    const auto file = std::filesystem::temp_directory_path() /
                      ("mortise-own-" + std::to_string(::getpid()) + ".sock");
    const std::string address = "unix:" + file.string();
    net::handed_sockets none;
    auto before = open_listening(at(address), {}, none, 1);
    ASSERT_TRUE(before);
    listening taken;
    taken.settings = at(address);
    taken.settings.mode = 0666;
    own_file(taken);
    EXPECT_EQ(std::filesystem::status(file).permissions(), std::filesystem::perms{0666});
    before->file.release();
    close_sockets(*before);
}

TEST(OpenListening, SaysWhatIsWrongWithAUnixSocket) {
    EXPECT_EQ(refusal("unix:/proc/self/stat"),
              "cannot listen on unix:/proc/self/stat: another file is there; remove it, or choose "
              "another address");
    EXPECT_EQ(refusal("unix:/nowhere/file.sock"),
              "cannot listen on unix:/nowhere/file.sock: No such file or directory; let the host's "
              "user write there, or choose another address");
}

TEST(OpenListening, SaysThatNothingWasInherited) {
    EXPECT_EQ(refusal("systemd:web"),
              "cannot listen on systemd:web: no socket was inherited; start the host by a socket "
              "unit with FileDescriptorName=web");
}

TEST(OpenListening, TakesIpv6InBrackets) {
    if (!net::probe_address({boost::asio::ip::address_v6::loopback(), 0})) {
        EXPECT_NE(refusal("[::1]:0").find("; choose another address"), std::string::npos);
        return; // this machine has no IPv6
    }
    const opened made{"[::1]:0"};
    EXPECT_EQ(addresses(made), (std::vector<std::string>{"::1"}));
    EXPECT_EQ(made.url(), "http://[::1]:" + made.port() + "/");
    const test::known_name name{"both.test", {"::1", "127.0.0.1"}};
    const opened both{"both.test:0"};
    EXPECT_EQ(addresses(both), (std::vector<std::string>{"::1", "127.0.0.1"}));
    EXPECT_EQ(both.endpoints()[0].port(), both.endpoints()[1].port());
}

} // namespace
} // namespace mortise::server
