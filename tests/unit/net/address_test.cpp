// SPDX-License-Identifier: BSL-1.0
// Addresses as the kernel gives them.
#include "net/address.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace mortise::net {
namespace {

// As accept4() fills it: larger than any one family's address.
template <class Address>
address made_from(const Address& from) {
    sockaddr_storage storage{};
    std::copy_n(reinterpret_cast<const char*>(&from), sizeof from,
                reinterpret_cast<char*>(&storage));
    return make_address(reinterpret_cast<const sockaddr&>(storage));
}

TEST(Address, TakesIpv4) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(8080);
    ::inet_pton(AF_INET, "192.0.2.17", &v4.sin_addr);
    const auto made = made_from(v4);
    EXPECT_EQ(made.family, address_family::v4);
    EXPECT_EQ(made.port, 8080);
    EXPECT_EQ(made.bytes, (std::array<std::uint8_t, 16>{192, 0, 2, 17}));
}

TEST(Address, TakesIpv6) {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(443);
    ::inet_pton(AF_INET6, "2001:db8::ff01", &v6.sin6_addr);
    const auto made = made_from(v6);
    EXPECT_EQ(made.family, address_family::v6);
    EXPECT_EQ(made.port, 443);
    EXPECT_EQ(made.bytes, (std::array<std::uint8_t, 16>{0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0,
                                                        0, 0, 0, 0xff, 0x01}));
}

TEST(Address, TakesMappedIpv6ForIpv4) {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(443);
    ::inet_pton(AF_INET6, "::ffff:192.0.2.17", &v6.sin6_addr);
    const auto made = made_from(v6);
    EXPECT_EQ(made, make_v4({192, 0, 2, 17}, 443));
    EXPECT_EQ(made.family, address_family::v4);
}

TEST(AddressText, WritesEachFamily) {
    address_text_room room;
    EXPECT_EQ(address_text(make_v4({192, 0, 2, 17}, 80), room), "192.0.2.17");
    EXPECT_EQ(address_text(*parse_address("2001:db8::1"), room), "2001:db8::1");
    address local;
    local.family = address_family::local;
    EXPECT_EQ(address_text(local, room), "unix");
    EXPECT_EQ(address_text(address{}, room), "-");
}

TEST(ParseAddress, ReadsBothFamilies) {
    EXPECT_EQ(parse_address("192.0.2.17"), make_v4({192, 0, 2, 17}, 0));
    EXPECT_EQ(parse_address("::ffff:192.0.2.17"), make_v4({192, 0, 2, 17}, 0));
    EXPECT_EQ(parse_address("::1"), make_v6({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 0));
    EXPECT_TRUE(parse_address("2001:0db8:ffff:ffff:ffff:ffff:ffff:ffff"));
}

TEST(ParseAddress, RefusesAllElse) {
    using namespace std::string_view_literals;
    for (const auto text :
         {""sv, "localhost"sv, "1.2.3"sv, "1.2.3.4.5"sv, "01.2.3.4"sv, "1.2.3.256"sv, " 1.2.3.4"sv,
          "1.2.3.4 "sv, "1.2.3.4:80"sv, "[::1]"sv, "fe80::1%lo"sv, ":::"sv, "1.2.3.4\0"sv,
          "2001:0db8:ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"sv}) {
        EXPECT_FALSE(parse_address(text)) << text;
    }
}

TEST(Address, TellsLocalSocketsAndOthersApart) {
    sockaddr_un local{};
    local.sun_family = AF_UNIX;
    EXPECT_EQ(made_from(local).family, address_family::local);
    sockaddr_in unknown{};
    unknown.sin_family = AF_UNSPEC;
    unknown.sin_port = htons(1);
    EXPECT_EQ(made_from(unknown).family, address_family::none);
    EXPECT_EQ(made_from(unknown).port, 0);
}

} // namespace
} // namespace mortise::net
