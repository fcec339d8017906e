// SPDX-License-Identifier: BSL-1.0
// Texts that say where to listen, and what is said of others.
#include "net/listen_address.hpp"

#include <gtest/gtest.h>
#include <string>
#include <utility>

namespace mortise::net {
namespace {

using kind = listen_address::kind;

listen_address listened(const std::string& text) {
    auto made = listen_address::parse(text);
    EXPECT_TRUE(made) << text;
    return made ? std::move(*made) : listen_address{};
}

std::string said_of(const std::string& text) {
    const auto made = listen_address::parse(text);
    EXPECT_FALSE(made) << text;
    return made ? "" : made.error();
}

TEST(ListenAddress, TakesNamesAndAddressesWithAPort) {
    for (const std::string host : {"localhost", "a-b.example.org", "my_host", "127.0.0.1", "127.1",
                                   "0.0.0.0", "xn--bcher-kva.example"}) {
        const auto made = listened(host + ":8080");
        EXPECT_EQ(made.is, kind::tcp);
        EXPECT_EQ(made.name, host);
        EXPECT_EQ(made.port, "8080");
    }
    EXPECT_EQ(listened("localhost:0").port, "0");
    EXPECT_EQ(listened("localhost:65535").port, "65535");
}

TEST(ListenAddress, TakesIpv6InBrackets) {
    for (const std::string host : {"::", "::1", "2001:db8::1", "fe80::1%lo"}) {
        const auto made = listened("[" + host + "]:80");
        EXPECT_EQ(made.is, kind::tcp);
        EXPECT_EQ(made.name, host);
        EXPECT_EQ(made.port, "80");
    }
}

TEST(ListenAddress, TakesUnixSocketsAndInheritedOnes) {
    EXPECT_EQ(listened("unix:/run/a:80").is, kind::local);
    EXPECT_EQ(listened("unix:/run/a:80").name, "/run/a:80");
    const std::string longest = "/" + std::string(106, 'x');
    EXPECT_EQ(listened("unix:" + longest).name, longest);
    EXPECT_EQ(listened("systemd:web").is, kind::inherited);
    EXPECT_EQ(listened("systemd:web").name, "web");
}

TEST(ListenAddress, SaysWhatItMayBe) {
    for (const std::string text : {"",
                                   " ",
                                   ":",
                                   "localhost",
                                   "localhost:",
                                   ":8080",
                                   "localhost:http",
                                   "localhost:-1",
                                   "localhost:65536",
                                   "localhost:18446744073709551616",
                                   "localhost: 80",
                                   "8080",
                                   "::1",
                                   "::1:8080",
                                   "[::1]",
                                   "[]:8080",
                                   "localhost:80:80",
                                   "127.0.0.1:80 ",
                                   "127.0.0.1:70000",
                                   "*:80",
                                   " :80",
                                   "a b:80",
                                   "127.0.0.256:80",
                                   "[127.0.0.1]:80",
                                   "[localhost]:80",
                                   "[::g]:80",
                                   "[::1:80",
                                   "http://localhost:80"}) {
        EXPECT_EQ(said_of(text),
                  "\"" + text +
                      "\" is no address to listen on; write NAME:PORT, 127.0.0.1:8080, "
                      "[::1]:8080, unix:/path/file.sock or systemd:NAME, with a port from 0 to "
                      "65535");
    }
}

TEST(ListenAddress, SaysWhatIsWrongWithAPath) {
    for (const std::string text : {"unix:", "unix:file.sock", "unix:./file.sock"}) {
        EXPECT_EQ(said_of(text), "\"" + text +
                                     "\" is no address to listen on: the path does not begin at "
                                     "the root; write unix:/path/file.sock");
    }
    EXPECT_EQ(said_of("unix:/run/"), "\"unix:/run/\" is no address to listen on: the path is that "
                                     "of a directory; write unix:/path/file.sock");
    const std::string longer = "/" + std::string(107, 'x');
    EXPECT_EQ(said_of("unix:" + longer), "\"" + longer +
                                             "\" is too long for a unix socket, with 108 bytes; "
                                             "choose a path of at most 107 bytes");
}

TEST(ListenAddress, SaysWhatIsWrongWithANameOfAnInheritedSocket) {
    EXPECT_EQ(said_of("systemd:"), "\"systemd:\" is no address to listen on: it names no socket; "
                                   "write systemd:NAME");
    EXPECT_EQ(said_of("systemd:a:b"), "\"systemd:a:b\" is no address to listen on: the name of a "
                                      "socket has no colon; write systemd:NAME");
}

TEST(ListenAddress, MeetsWhereBothCannotBeListenedTo) {
    const auto do_meet = [](const char* one, const char* other) {
        const auto first = listen_address::parse(one);
        const auto second = listen_address::parse(other);
        EXPECT_EQ(meet(*first, *second), meet(*second, *first)) << one << ' ' << other;
        return meet(*first, *second);
    };
    EXPECT_TRUE(do_meet("127.0.0.1:80", "127.0.0.1:080"));
    EXPECT_TRUE(do_meet("0.0.0.0:80", "127.0.0.1:80"));
    EXPECT_TRUE(do_meet("localhost:80", "0.0.0.0:80"));
    EXPECT_TRUE(do_meet("localhost:80", "127.0.0.1:80"));
    EXPECT_TRUE(do_meet("example.org:80", "example.org:80"));
    EXPECT_TRUE(do_meet("unix:/a/./b", "unix:/a/b"));
    EXPECT_TRUE(do_meet("systemd:web", "systemd:web"));
    EXPECT_FALSE(do_meet("127.0.0.1:80", "127.0.0.1:81"));
    EXPECT_FALSE(do_meet("127.0.0.1:0", "127.0.0.1:0"));
    EXPECT_FALSE(do_meet("127.0.0.1:80", "127.0.0.2:80"));
    EXPECT_FALSE(do_meet("0.0.0.0:80", "[::]:80"));
    EXPECT_FALSE(do_meet("localhost:80", "[::1]:80"));
    EXPECT_FALSE(do_meet("example.org:80", "127.0.0.1:80"));
    EXPECT_FALSE(do_meet("unix:/a/b", "unix:/a/c"));
    EXPECT_FALSE(do_meet("systemd:web", "systemd:api"));
    EXPECT_FALSE(do_meet("systemd:web", "unix:/web"));
}

TEST(ListenAddress, RefusesAnAddressOfV4InTheFormOfV6) {
    const auto parsed = listen_address::parse("[::ffff:127.0.0.1]:80");
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error(),
              "\"[::ffff:127.0.0.1]:80\" is no address to listen on: the address is "
              "one of IPv4; write it in that form, such as 127.0.0.1:8080");
}

} // namespace
} // namespace mortise::net
