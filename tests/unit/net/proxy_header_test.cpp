// SPDX-License-Identifier: BSL-1.0
// The PROXY protocol by its specification, and what breaks it.
#include "net/proxy_header.hpp"

#include <gtest/gtest.h>
#include <string>

namespace mortise::net {
namespace {

using namespace std::string_literals;
using state = proxy_header::state;

const std::string signature = "\r\n\r\n\0\r\nQUIT\n"s;
const std::string request = "GET / HTTP/1.1\r\n\r\n";

// A header of version 2; `length` where it lies.
std::string block(unsigned command, unsigned family, const std::string& rest, int length = -1) {
    const auto size = length < 0 ? rest.size() : static_cast<std::size_t>(length);
    return signature + static_cast<char>(command) + static_cast<char>(family) +
           static_cast<char>(size >> 8) + static_cast<char>(size & 0xff) + rest;
}

const std::string v4_addresses = "\xc0\x00\x02\x01\xc6\x33\x64\x02\x30\x39\x01\xbb"s;
const std::string v6_addresses = "\x20\x01\x0d\xb8" + std::string(11, '\0') + "\x01" +
                                 std::string(16, '\x02') + "\x30\x39\x01\xbb";
const address v4_client = make_v4({192, 0, 2, 1}, 12345);

address v6_client() {
    auto client = *parse_address("2001:db8::1");
    client.port = 12345;
    return client;
}

// What is read where the header comes whole, with a request behind it. Byte by byte it must come to
// the same, and not before its last byte.
proxy_header read(const std::string& header) {
    const auto whole = read_proxy_header(header + request);
    for (std::size_t size = 0; size <= header.size(); ++size) {
        const auto part = read_proxy_header(std::string_view{header}.substr(0, size));
        if (part.now == state::incomplete) {
            EXPECT_TRUE(size < header.size() || whole.now == state::refused) << size;
            continue;
        }
        EXPECT_EQ(part.now, whole.now) << size;
        EXPECT_EQ(part.size, whole.size);
        EXPECT_EQ(part.client, whole.client);
        EXPECT_TRUE(whole.now == state::refused || size == whole.size) << size;
        break;
    }
    return whole;
}

void expect_client(const std::string& header, const address& client) {
    const auto found = read(header);
    EXPECT_EQ(found.now, state::complete) << header << found.why;
    EXPECT_EQ(found.size, header.size());
    EXPECT_EQ(found.client, client) << header;
}

void expect_socket(const std::string& header) {
    const auto found = read(header);
    EXPECT_EQ(found.now, state::complete) << header << found.why;
    EXPECT_EQ(found.size, header.size());
    EXPECT_EQ(found.client, std::nullopt) << header;
}

void expect_refused(const std::string& header, std::string_view why) {
    const auto found = read(header);
    EXPECT_EQ(found.now, state::refused) << header;
    EXPECT_EQ(found.why, why) << header;
}

TEST(ProxyHeader, ReadsTheLinesOfTheSpecification) {
    expect_client("PROXY TCP4 192.0.2.1 198.51.100.2 12345 443\r\n", v4_client);
    expect_client("PROXY TCP6 2001:db8::1 2001:db8::2 12345 443\r\n", v6_client());
    const auto widest = read("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n");
    EXPECT_EQ(widest.size, 56U);
    EXPECT_EQ(widest.client, make_v4({255, 255, 255, 255}, 65535));
    const std::string longest = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
    EXPECT_EQ(read("PROXY TCP6 " + longest + " " + longest + " 65535 65535\r\n").size, 104U);
    expect_client("PROXY TCP6 ::ffff:192.0.2.1 ::ffff:198.51.100.2 12345 443\r\n", v4_client);
}

TEST(ProxyHeader, LeavesTheSocketsAddressWhereTheLineSaysUnknown) {
    expect_socket("PROXY UNKNOWN\r\n");
    const std::string longest = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
    const std::string worst = "PROXY UNKNOWN " + longest + " " + longest + " 65535 65535\r\n";
    EXPECT_EQ(worst.size(), 107U);
    expect_socket(worst);
    expect_socket("PROXY UNKNOWN whatever\tthis \x01is\r\n");
}

TEST(ProxyHeader, RefusesLinesThatAreNotExact) {
    constexpr auto addresses =
        "its line has no two addresses of its family and two ports behind that";
    for (const auto* const line :
         {"PROXY TCP4 192.0.2.1 198.51.100.2 12345", "PROXY TCP4 192.0.2.1 198.51.100.2 12345 ",
          "PROXY TCP4 192.0.2.1 198.51.100.2 12345 443 ",
          "PROXY TCP4 192.0.2.1 198.51.100.2 12345 443 1",
          "PROXY TCP4  192.0.2.1 198.51.100.2 12345 443",
          "PROXY TCP4 192.0.2.1\t198.51.100.2 12345 443",
          "PROXY TCP4 192.0.2.1 198.51.100.2 12345 65536",
          "PROXY TCP4 192.0.2.1 198.51.100.2 012345 443",
          "PROXY TCP4 192.0.2.1 198.51.100.2 -1 443", "PROXY TCP4 192.0.2.1 198.51.100.2 1 +443",
          "PROXY TCP4 192.0.2.256 198.51.100.2 1 443", "PROXY TCP4 192.0.02.1 198.51.100.2 1 443",
          "PROXY TCP4 192.0.2.1 name 1 443", "PROXY TCP4 2001:db8::1 2001:db8::2 1 443",
          "PROXY TCP4 ::ffff:192.0.2.1 198.51.100.2 1 443",
          "PROXY TCP6 192.0.2.1 198.51.100.2 1 443", "PROXY TCP6 2001:db8::1 198.51.100.2 1 443",
          "PROXY TCP4 "}) {
        expect_refused(line + "\r\n"s, addresses);
    }
    constexpr auto family = "its line names none of TCP4, TCP6 and UNKNOWN";
    for (const auto* const line :
         {"PROXY ", "PROXY TCP4", "PROXY UDP4 192.0.2.1 198.51.100.2 1 443", "PROXY unknown",
          "PROXY  TCP4 192.0.2.1 198.51.100.2 1 443", "PROXY UNKNOWNS", "PROXY tcp4 1 2 3 4"}) {
        expect_refused(line + "\r\n"s, family);
    }
}

// Neither alone ends the line.
TEST(ProxyHeader, WaitsForCarriageReturnAndLineFeed) {
    const std::string line = "PROXY TCP4 192.0.2.1 198.51.100.2 12345 443";
    EXPECT_EQ(read_proxy_header(line + "\n").now, state::incomplete);
    EXPECT_EQ(read_proxy_header(line + "\r").now, state::incomplete);
    EXPECT_EQ(read_proxy_header(line + "\n\r\n").now, state::refused);
}

TEST(ProxyHeader, RefusesALineThatDoesNotEnd) {
    const std::string endless = "PROXY UNKNOWN " + std::string(200, 'x');
    EXPECT_EQ(read_proxy_header(endless.substr(0, 106)).now, state::incomplete);
    EXPECT_EQ(read_proxy_header(endless.substr(0, 107)).why, "its line is longer than 107 bytes");
    EXPECT_EQ(read_proxy_header(endless.substr(0, 106) + "\r\n").now, state::refused);
    EXPECT_EQ(read_proxy_header(endless.substr(0, 105) + "\r\n").size, 107U);
}

TEST(ProxyHeader, ReadsTheBlocksOfTheSpecification) {
    expect_client(block(0x21, 0x11, v4_addresses), v4_client);
    expect_client(block(0x21, 0x12, v4_addresses), v4_client);
    expect_client(block(0x21, 0x21, v6_addresses), v6_client());
    expect_client(block(0x21, 0x22, v6_addresses), v6_client());
    const auto mapped = std::string(10, '\0') + "\xff\xff\xc0\x00\x02\x01"s +
                        std::string(16, '\1') + "\x30\x39\x01\xbb";
    expect_client(block(0x21, 0x21, mapped), v4_client);
}

TEST(ProxyHeader, KeepsTheSocketsAddressForLocalConnections) {
    expect_socket(block(0x20, 0x00, ""));
    expect_socket(block(0x20, 0x11, v4_addresses));
    expect_socket(block(0x20, 0xff, "any"));
}

TEST(ProxyHeader, KeepsTheSocketsAddressForFamiliesWithoutOne) {
    expect_socket(block(0x21, 0x00, ""));
    expect_socket(block(0x21, 0x00, v4_addresses));
    expect_socket(block(0x21, 0x10, v4_addresses));
    expect_socket(block(0x21, 0x01, ""));
    expect_socket(block(0x21, 0x31, std::string(216, 'u')));
    expect_socket(block(0x21, 0x32, std::string(216, 'u')));
}

TEST(ProxyHeader, SkipsFurtherValues) {
    const std::string alpn = "\x01\x00\x02h2"s;
    expect_client(block(0x21, 0x11, v4_addresses + alpn), v4_client);
    expect_client(block(0x21, 0x11, v4_addresses + "\x04\xff\xff"), v4_client); // not even whole
    expect_client(block(0x21, 0x11, v4_addresses + std::string(4096 - 16 - 12, 'x')), v4_client);
}

TEST(ProxyHeader, RefusesBlocksThatAreTooLong) {
    EXPECT_EQ(read_proxy_header(block(0x21, 0x11, "", 4081)).why, "it is longer than 4096 bytes");
    EXPECT_EQ(read_proxy_header(block(0x20, 0x00, "", 0xffff)).why, "it is longer than 4096 bytes");
    EXPECT_EQ(read_proxy_header(block(0x21, 0x11, "", 4080)).now, state::incomplete);
}

TEST(ProxyHeader, RefusesBlocksThatAreTooShort) {
    constexpr auto why = "it is too short for its addresses";
    expect_refused(block(0x21, 0x11, ""), why);
    expect_refused(block(0x21, 0x11, v4_addresses.substr(1)), why);
    expect_refused(block(0x21, 0x21, v6_addresses.substr(1)), why);
    expect_refused(block(0x21, 0x21, v4_addresses), why);
    expect_refused(block(0x21, 0x31, std::string(215, 'u')), why);
}

TEST(ProxyHeader, RefusesOtherVersionsCommandsAndFamilies) {
    for (const unsigned command : {0x11U, 0x31U, 0x01U, 0xf1U}) {
        expect_refused(block(command, 0x11, v4_addresses), "its version is not 2");
    }
    for (const unsigned command : {0x22U, 0x2fU}) {
        expect_refused(block(command, 0x11, v4_addresses),
                       "its command is neither LOCAL nor PROXY");
    }
    for (const unsigned family : {0x13U, 0x41U, 0xf1U, 0x1fU, 0x03U}) {
        expect_refused(block(0x21, family, v4_addresses),
                       "its family or protocol is none that version 2 knows");
    }
}

TEST(ProxyHeader, RefusesConnectionsWithoutOneAtTheirFirstOtherByte) {
    constexpr auto why = "the connection does not begin with one";
    for (const auto& bytes :
         {"GET / HTTP/1.1\r\n"s, "proxy TCP4"s, "PROXYTCP4"s, "P\r\n"s, "\r\n\r\nX"s, "\0"s,
          "PROXX"s, "\r\n\r\n\0\r\nQUIT\r\n"s, "PRI * HTTP/2.0\r\n"s}) {
        EXPECT_EQ(read_proxy_header(bytes).why, why) << bytes;
    }
    EXPECT_EQ(read_proxy_header("").now, state::incomplete);
}

} // namespace
} // namespace mortise::net
