// SPDX-License-Identifier: BSL-1.0
// Blocks of addresses as operators write them.
#include "net/address_block.hpp"

#include <gtest/gtest.h>

namespace mortise::net {
namespace {

address_block block(std::string_view text) {
    auto parsed = address_block::parse(text);
    EXPECT_TRUE(parsed) << text;
    return *parsed;
}

address at(std::string_view text) {
    const auto parsed = parse_address(text);
    EXPECT_TRUE(parsed) << text;
    return parsed.value_or(address{});
}

TEST(AddressBlock, HoldsTheAddressesThatBeginLikeIt) {
    const auto ten = block("10.0.0.0/8");
    EXPECT_TRUE(ten.contains(at("10.0.0.0")));
    EXPECT_TRUE(ten.contains(at("10.255.255.255")));
    EXPECT_FALSE(ten.contains(at("11.0.0.0")));
    EXPECT_FALSE(ten.contains(at("9.255.255.255")));
    const auto odd = block("192.0.2.128/25");
    EXPECT_TRUE(odd.contains(at("192.0.2.200")));
    EXPECT_FALSE(odd.contains(at("192.0.2.127")));
    EXPECT_TRUE(block("0.0.0.0/0").contains(at("203.0.113.7")));
}

TEST(AddressBlock, HoldsOneAddressWithoutASlash) {
    EXPECT_TRUE(block("192.0.2.1").contains(at("192.0.2.1")));
    EXPECT_FALSE(block("192.0.2.1").contains(at("192.0.2.0")));
    EXPECT_TRUE(block("::1").contains(at("::1")));
    EXPECT_FALSE(block("::1").contains(at("::2")));
}

TEST(AddressBlock, HoldsIpv6ByItsBits) {
    const auto documentation = block("2001:db8::/33");
    EXPECT_TRUE(documentation.contains(at("2001:db8:7fff::1")));
    EXPECT_FALSE(documentation.contains(at("2001:db8:8000::1")));
    EXPECT_FALSE(block("::/0").contains(at("10.0.0.1")));
    EXPECT_FALSE(block("0.0.0.0/0").contains(at("::1")));
}

TEST(AddressBlock, TakesMappedAddressesForIpv4) {
    EXPECT_TRUE(block("10.0.0.0/8").contains(at("::ffff:10.1.2.3")));
    EXPECT_TRUE(block("::ffff:10.0.0.0/104").contains(at("10.1.2.3")));
    EXPECT_EQ(block("::ffff:10.0.0.0/104"), block("10.0.0.0/8"));
    EXPECT_EQ(block("::ffff:10.0.0.1"), block("10.0.0.1"));
}

TEST(AddressBlock, HoldsPeersAtUnixSocketsByName) {
    address local;
    local.family = address_family::local;
    EXPECT_TRUE(block("unix").contains(local));
    EXPECT_FALSE(block("unix").contains(at("127.0.0.1")));
    EXPECT_FALSE(block("0.0.0.0/0").contains(local));
    EXPECT_FALSE(block("unix").contains(address{}));
}

TEST(AddressBlock, RefusesWhatIsNoBlock) {
    for (const std::string_view text :
         {"", "/", "localhost", "10.0.0", "10.0.0.0.0", "010.0.0.0/8", "10.0.0.0 /8", "[::1]",
          "fe80::1%eth0", "Unix", "unix/0", "::1::"}) {
        const auto parsed = address_block::parse(text);
        ASSERT_FALSE(parsed) << text;
        EXPECT_EQ(parsed.error(), "\"" + std::string{text} +
                                      "\" is no block of addresses; write them as 10.0.0.0/8, "
                                      "192.0.2.1, ::1 or unix");
    }
}

TEST(AddressBlock, RefusesBitsThatAreNoNumberOrTooMany) {
    for (const std::string_view text : {"10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8",
                                        "10.0.0.0/ 8", "10.0.0.0/99999999999999999999"}) {
        const auto parsed = address_block::parse(text);
        ASSERT_FALSE(parsed) << text;
        EXPECT_EQ(parsed.error(), "\"" + std::string{text} +
                                      "\" has no number of bits from 0 to 32 behind its slash");
    }
    EXPECT_FALSE(address_block::parse("::/129"));
    EXPECT_FALSE(address_block::parse("::ffff:10.0.0.0/95"));
}

TEST(AddressBlock, RefusesAnAddressThatGoesBeyondItsBits) {
    const auto parsed = address_block::parse("10.0.0.1/8");
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error(), "\"10.0.0.1/8\" has an address that goes beyond its 8 bits; set the "
                              "others to zero, as in 10.0.0.0/8");
    EXPECT_FALSE(address_block::parse("2001:db8::1/127"));
    EXPECT_TRUE(address_block::parse("2001:db8::2/127"));
}

TEST(AddressBlock, IsLookedForAmongOthers) {
    const std::vector<address_block> blocks{block("10.0.0.0/8"), block("::1")};
    EXPECT_TRUE(contains(blocks, at("10.1.1.1")));
    EXPECT_TRUE(contains(blocks, at("::1")));
    EXPECT_FALSE(contains(blocks, at("11.1.1.1")));
    EXPECT_FALSE(contains({}, at("::1")));
}

} // namespace
} // namespace mortise::net
