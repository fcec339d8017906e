// SPDX-License-Identifier: BSL-1.0
// Routes that cannot stand in one table, and what is said of them.
#include "routing/route_table.hpp"
#include "unit/routing/fixture.hpp"

#include <gtest/gtest.h>

namespace mortise::routing {
namespace {

using test::look_up;
using test::parse_route;

std::vector<route_fault> faults_of(const std::vector<route>& routes) {
    std::vector<route_fault> faults;
    route_table::compile(routes, faults);
    return faults;
}

TEST(RouteConflict, NamesBothOwners) {
    const auto faults = faults_of({parse_route("GET /users/{id}", "plugin left"),
                                   parse_route("GET /users/{name}", "plugin right")});
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_EQ(faults[0].route, 1U);
    EXPECT_EQ(faults[0].text, "route GET /users/{name} of plugin right conflicts with /users/{id} "
                              "of plugin left");
    EXPECT_EQ(faults[0].cure, "change one of the patterns, or take one of the plugins away");
}

TEST(RouteConflict, IsAboutHostMethodAndShape) {
    const auto conflict = [](std::string_view left, std::string_view right) {
        return !faults_of({parse_route(left), parse_route(right)}).empty();
    };
    EXPECT_TRUE(conflict("GET /a", "GET /a"));
    EXPECT_TRUE(conflict("GET /{x...}", "GET /{y...}"));
    EXPECT_TRUE(conflict("GET a.org/a", "GET A.ORG/a"));
    EXPECT_TRUE(conflict("GET *.a.org/a", "GET *.A.org/a"));
    EXPECT_FALSE(conflict("GET /a", "PUT /a"));
    EXPECT_FALSE(conflict("GET /a", "HEAD /a"));
    EXPECT_FALSE(conflict("GET /a", "GET /a/"));
    EXPECT_FALSE(conflict("GET /a", "GET /{x}"));
    EXPECT_FALSE(conflict("GET /{x}", "GET /{x...}"));
    EXPECT_FALSE(conflict("GET /a", "GET a.org/a"));
    EXPECT_FALSE(conflict("GET a.org/a", "GET *.a.org/a"));
}

TEST(RouteConflict, LeavesTheEarlierRouteAndAllOthersInPlace) {
    std::vector<route_fault> faults;
    const auto table =
        route_table::compile(std::vector{parse_route("GET /a/{x}"), parse_route("GET /a/{y}"),
                                         parse_route("PUT /a/{z}")},
                             faults);
    EXPECT_EQ(faults.size(), 1U);
    EXPECT_EQ(look_up(table, "GET /a/1"), "/a/{x} x=1");
    EXPECT_EQ(look_up(table, "PUT /a/1"), "/a/{z} z=1");
}

TEST(RouteRule, IsNamedWithTheRouteThatBreaksIt) {
    const auto faults = faults_of({parse_route("GET /a{id}", "plugin left"),
                                   parse_route("get example.org/a", "plugin right")});
    ASSERT_EQ(faults.size(), 2U);
    EXPECT_EQ(faults[0].text, "route GET /a{id} of plugin left breaks a rule");
    EXPECT_EQ(faults[0].cure, "a parameter is a whole segment: write /{name}/");
    EXPECT_EQ(faults[1].route, 1U);
    EXPECT_EQ(faults[1].text, "route get example.org/a of plugin right breaks a rule");
    EXPECT_EQ(faults[1].cure, "the method \"get\" is not known: use one of RFC 9110 in capitals");
}

TEST(RouteRule, WantsAHostWithoutAPortAndAStarOnlyInFront) {
    for (const auto* const host :
         {"a.org:80", "a.org:", "*", "*a.org", "a.*.org", "*.*.org", "*.", "user@a.org", "a org"}) {
        const auto faults = faults_of({{host, "GET", "/", &test::unused, "nobody"}});
        ASSERT_EQ(faults.size(), 1U) << host;
        EXPECT_EQ(faults[0].cure, "the host \"" + std::string{host} +
                                      "\" is neither a name nor *.name, without a port");
    }
}

} // namespace
} // namespace mortise::routing
