// SPDX-License-Identifier: BSL-1.0
// Who gets in, by which head of a request.
#include "admin/access.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace mortise::admin {
namespace {

const std::string token = "0123456789abcdef";

// 0: it may be done.
unsigned judged(const request_head& head, const access& by) {
    const auto refused = refusal(head, by);
    return refused ? refused->status : 0;
}

unsigned by_tcp(request_head head) {
    if (head.method.empty()) {
        head.method = "GET";
    }
    return judged(head, {.is_by_tcp = true, .token = token});
}

TEST(Access, TakesTcpOnlyForThisMachine) {
    const auto status = [](std::string_view host) {
        return by_tcp({.target = "/healthz", .host = host});
    };
    for (const char* const host : {"localhost", "LocalHost:9090", "127.0.0.1", "127.0.0.1:9090",
                                   "127.1.2.3:1", "[::1]", "[::1]:9090"}) {
        EXPECT_EQ(status(host), 0U) << host;
    }
    for (const char* const host :
         {"", "example.org", "localhost.example.org", "127.0.0.1.example.org:9090", "10.0.0.1",
          "[::2]:9090", "[::1", "[::1]x", "[", "[]", ":9090", "::1", "2130706433"}) {
        EXPECT_EQ(status(host), 421U) << host;
    }
}

TEST(Access, TakesAnyHostByTheUnixSocket) {
    EXPECT_EQ(judged({.method = "POST", .target = "/plugins/reload", .host = "example.org"}, {}),
              0U);
}

TEST(Access, TakesNoChangeFromAPageOfAnotherSite) {
    const auto status = [](std::string_view method, bool has_origin, std::string_view site) {
        return judged({.method = method,
                       .target = "/plugins/reload",
                       .has_origin = has_origin,
                       .fetch_site = site},
                      {});
    };
    EXPECT_EQ(status("POST", true, ""), 403U);
    EXPECT_EQ(status("POST", false, "cross-site"), 403U);
    EXPECT_EQ(status("POST", false, "same-site"), 403U);
    EXPECT_EQ(status("DELETE", true, ""), 403U);
    EXPECT_EQ(status("POST", false, "same-origin"), 0U);
    EXPECT_EQ(status("POST", false, "none"), 0U);
    EXPECT_EQ(status("GET", true, "cross-site"), 0U);
    EXPECT_EQ(status("HEAD", true, "cross-site"), 0U);
}

TEST(Access, AsksByTcpForTheToken) {
    const auto status = [](std::string_view authorization) {
        return by_tcp({.target = "/status", .host = "localhost", .authorization = authorization});
    };
    EXPECT_EQ(status("Bearer " + token), 0U);
    EXPECT_EQ(status("bearer   " + token), 0U);
    const std::vector<std::string> wrong_ones{"",
                                              "Bearer",
                                              "Bearer ",
                                              token,
                                              "Basic " + token,
                                              "Bearer " + token + "x",
                                              "Bearer " + token.substr(1),
                                              "Bearer 0123456789abcdeF",
                                              "Bearer 1123456789abcdef"};
    for (const auto& wrong : wrong_ones) {
        EXPECT_EQ(status(wrong), 401U) << wrong;
    }
}

TEST(Access, SaysWhichSchemeItWants) {
    const auto refused = refusal({.method = "GET", .target = "/status", .host = "localhost"},
                                 {.is_by_tcp = true, .token = token});
    ASSERT_TRUE(refused);
    ASSERT_EQ(refused->fields.size(), 1U);
    EXPECT_EQ(refused->fields[0].first, "WWW-Authenticate");
    EXPECT_EQ(refused->fields[0].second, "Bearer realm=\"mortise\"");
}

TEST(Access, LetsHealthChecksInWithoutOne) {
    for (const char* const target : {"/healthz", "/readyz", "/healthz?verbose"}) {
        EXPECT_EQ(by_tcp({.target = target, .host = "localhost"}), 0U) << target;
        EXPECT_EQ(judged({.method = "GET", .target = target, .host = "localhost"},
                         {.is_by_tcp = true, .token = {}}),
                  0U);
    }
    for (const char* const target : {"/healthz/", "/healthzz", "/status?/healthz", ""}) {
        EXPECT_EQ(by_tcp({.target = target, .host = "localhost"}), 401U) << target;
    }
}

TEST(Access, TellsNothingElseByTcpWhereNoTokenIsKnown) {
    EXPECT_EQ(
        judged(
            {.method = "GET", .target = "/status", .host = "localhost", .authorization = "Bearer "},
            {.is_by_tcp = true, .token = {}}),
        403U);
}

} // namespace
} // namespace mortise::admin
