// SPDX-License-Identifier: BSL-1.0
// Authorities that are split, and those that are refused.
#include "http/authority.hpp"

#include <gtest/gtest.h>

namespace mortise::http {
namespace {

struct split_case {
    std::string_view text;
    std::string_view host;
    std::string_view port;
};
class GoodAuthority : public testing::TestWithParam<split_case> {};

TEST_P(GoodAuthority, IsSplitAtItsColon) {
    const auto split = split_authority(GetParam().text);
    ASSERT_TRUE(split);
    EXPECT_EQ(split->host, GetParam().host);
    EXPECT_EQ(split->port, GetParam().port);
}

INSTANTIATE_TEST_SUITE_P(
    Authority, GoodAuthority,
    testing::Values(split_case{"localhost", "localhost", ""},
                    split_case{"example.org:8080", "example.org", "8080"},
                    split_case{"example.org:", "example.org", ""}, // RFC 3986, 3.2.3
                    split_case{"EXAMPLE.org:65535", "EXAMPLE.org", "65535"},
                    split_case{"127.0.0.1:0", "127.0.0.1", "0"}, split_case{"[::1]", "[::1]", ""},
                    split_case{"[2001:db8::1]:443", "[2001:db8::1]", "443"},
                    split_case{"[::ffff:192.0.2.1]:", "[::ffff:192.0.2.1]", ""},
                    split_case{"a_b~c!$&'()*+,;=", "a_b~c!$&'()*+,;=", ""},
                    split_case{"caf%C3%A9:80", "caf%C3%A9", "80"}));

class BadAuthority : public testing::TestWithParam<std::string_view> {};

TEST_P(BadAuthority, IsRefused) {
    EXPECT_FALSE(split_authority(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Authority, BadAuthority,
                         testing::Values("", ":80", "user@example.org", "user:word@example.org",
                                         "example.org:65536", "example.org:99999999999999999999",
                                         "example.org:http", "example.org:-1", "example.org:+1",
                                         "example.org: 80", "example.org:80:80", "exa mple.org",
                                         "example.org/", "caf%C3%A:80", "100%", "::1", "[::1", "[]",
                                         "[::1]80", "[::1]:x", "[::1]]", "[127.0.0.1]",
                                         "[fe80::1%25eth0]", "[1:2:3:4:5:6:7:8:9]",
                                         "[0000:0000:0000:0000:0000:0000:0000:0000:0000:0000]"));

} // namespace
} // namespace mortise::http
