// SPDX-License-Identifier: BSL-1.0
// Lists of forwarders: whose word counts, and where the walk ends.
#include "http1/forwarded.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <string>

namespace mortise::http1 {
namespace {

std::string text_of(const net::address& of) {
    std::array<char, INET6_ADDRSTRLEN> room{};
    ::inet_ntop(of.family == net::address_family::v4 ? AF_INET : AF_INET6, of.bytes.data(),
                room.data(), room.size());
    return std::string{room.data()} + (of.port == 0 ? "" : "#" + std::to_string(of.port));
}

// The client of a request with these fields, from 10.0.0.1, where 10.0.0.0/8 and fd00::/8 are
// trusted.
std::string client(const std::vector<http::field>& fields, std::string_view peer = "10.0.0.1") {
    const std::vector<net::address_block> trusted{*net::address_block::parse("10.0.0.0/8"),
                                                  *net::address_block::parse("fd00::/8")};
    return text_of(client_of(fields, *net::parse_address(peer), trusted));
}
std::string x_forwarded(std::string_view value) {
    return client({{"X-Forwarded-For", value}});
}
std::string forwarded(std::string_view value) {
    return client({{"Forwarded", value}});
}

TEST(ClientOf, IsThePeerWithoutAField) {
    EXPECT_EQ(client({}), "10.0.0.1");
    EXPECT_EQ(client({{"Host", "a"}, {"X-Forwarded-Host", "192.0.2.1"}}), "10.0.0.1");
}

TEST(ClientOf, IsThePeerThatIsNotTrusted) {
    EXPECT_EQ(client({{"X-Forwarded-For", "192.0.2.1"}}, "203.0.113.9"), "203.0.113.9");
    EXPECT_EQ(client({{"Forwarded", "for=192.0.2.1"}}, "203.0.113.9"), "203.0.113.9");
}

TEST(ClientOf, WalksOverTrustedProxiesFromTheEnd) {
    EXPECT_EQ(x_forwarded("192.0.2.1"), "192.0.2.1");
    EXPECT_EQ(x_forwarded("198.51.100.7, 192.0.2.1"), "192.0.2.1"); // who wrote the first?
    EXPECT_EQ(x_forwarded("198.51.100.7, 192.0.2.1, 10.0.0.2,10.9.9.9"), "192.0.2.1");
    EXPECT_EQ(x_forwarded("10.0.0.3, 10.0.0.2"), "10.0.0.3"); // all are trusted
    EXPECT_EQ(x_forwarded("192.0.2.1, fd00::7"), "192.0.2.1");
    EXPECT_EQ(forwarded("for=198.51.100.7, for=192.0.2.1, for=10.0.0.2"), "192.0.2.1");
}

TEST(ClientOf, TakesLinesOfOneNameTogether) {
    EXPECT_EQ(client({{"x-forwarded-for", "198.51.100.7, 192.0.2.1"},
                      {"Accept", "*/*"},
                      {"X-Forwarded-For", "10.0.0.2"}}),
              "192.0.2.1");
    EXPECT_EQ(client({{"Forwarded", "for=192.0.2.1"}, {"forwarded", "for=10.0.0.2"}}), "192.0.2.1");
}

TEST(ClientOf, PrefersForwarded) {
    EXPECT_EQ(client({{"X-Forwarded-For", "192.0.2.1"}, {"Forwarded", "for=192.0.2.2"}}),
              "192.0.2.2");
    EXPECT_EQ(client({{"X-Forwarded-For", "192.0.2.1"}, {"Forwarded", "for=unknown"}}), "10.0.0.1");
}

TEST(ClientOf, ReadsTheNodesOfXForwardedFor) {
    EXPECT_EQ(x_forwarded("192.0.2.1:8080"), "192.0.2.1#8080");
    EXPECT_EQ(x_forwarded("2001:db8::1"), "2001:db8::1");
    EXPECT_EQ(x_forwarded("[2001:db8::1]"), "2001:db8::1");
    EXPECT_EQ(x_forwarded("[2001:db8::1]:8080"), "2001:db8::1#8080");
    EXPECT_EQ(x_forwarded("::ffff:192.0.2.1"), "192.0.2.1");
    EXPECT_EQ(x_forwarded(" \t192.0.2.1\t , , "), "192.0.2.1");
}

TEST(ClientOf, ReadsTheNodesOfForwarded) { // RFC 7239, 4 and 6
    EXPECT_EQ(forwarded("for=192.0.2.43"), "192.0.2.43");
    EXPECT_EQ(forwarded("For=\"[2001:db8:cafe::17]:4711\""), "2001:db8:cafe::17#4711");
    EXPECT_EQ(forwarded("for=\"[2001:db8:cafe::17]\""), "2001:db8:cafe::17");
    EXPECT_EQ(forwarded("for=192.0.2.60;proto=http;by=203.0.113.43"), "192.0.2.60");
    EXPECT_EQ(forwarded("proto=http; by=203.0.113.43 ; FOR=192.0.2.60"), "192.0.2.60");
    EXPECT_EQ(forwarded("for=\"192.0.2.1:47011\""), "192.0.2.1#47011");
    EXPECT_EQ(forwarded("for=\"192.0.2.1:_obfuscated\""), "192.0.2.1");
    EXPECT_EQ(forwarded("for=192.0.2.1;host=\"a,b;for=192.0.2.2\""), "192.0.2.1");
    EXPECT_EQ(forwarded("for=192.0.2.1;host=\"a\\\",for=192.0.2.2\""), "192.0.2.1");
    EXPECT_EQ(forwarded("for=192.0.2.1;"), "192.0.2.1");
}

// Then the client is the last one that is known for sure.
TEST(ClientOf, StopsAtWhatItCannotRead) {
    for (const auto* const last :
         {"unknown", "_hidden", "192.0.2.1.5", "192.0.2.256", "192.0.2.1:", "192.0.2.1:65536",
          "192.0.2.1:x", "[2001:db8::1", "[192.0.2.1]", "2001:db8::1]", "[2001:db8::1]8080", "name",
          "192.0.2.1 192.0.2.2", "\"192.0.2.1\"", "fe80::1%eth0"}) {
        EXPECT_EQ(x_forwarded(last), "10.0.0.1") << last;
        EXPECT_EQ(x_forwarded("198.51.100.7, " + std::string{last} + ", 10.0.0.2"), "10.0.0.2")
            << last;
    }
    for (const auto* const last :
         {"for=unknown", "for=_hidden", "for=\"_hidden\"", "for=", "for", "=192.0.2.1", "192.0.2.1",
          "proto=http", "for=2001:db8::1", "for=\"2001:db8::1\"", "for=[2001:db8::1]",
          "for=\"192.0.2.1", "for=\"192.0.2.1\"x", "for=192.0.2.1;for=192.0.2.2", "for=192.0.2.1;x",
          "for=192.0.2.1 ;; proto=http", "for =192.0.2.1", "for= 192.0.2.1x", "for=192.0.2.1:80"}) {
        EXPECT_EQ(forwarded(last), "10.0.0.1") << last;
        EXPECT_EQ(forwarded("for=198.51.100.7, " + std::string{last} + ", for=10.0.0.2"),
                  "10.0.0.2")
            << last;
    }
}

// A client's own quote does not reach over what a proxy has added.
TEST(ClientOf, IsNotHiddenByAnOpenQuote) {
    EXPECT_EQ(forwarded("for=\"x, for=192.0.2.1"), "192.0.2.1");
    EXPECT_EQ(forwarded("for=\"x\\, for=192.0.2.1, for=\"10.0.0.2\""), "192.0.2.1");
    EXPECT_EQ(client({{"Forwarded", "for=\"x"}, {"Forwarded", "for=192.0.2.1"}}), "192.0.2.1");
}

} // namespace
} // namespace mortise::http1
