// SPDX-License-Identifier: BSL-1.0
// Which route a request finds.
#include "routing/route_table.hpp"
#include "unit/allocation_count.hpp"
#include "unit/routing/fixture.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace mortise::routing {
namespace {

using test::allowed;
using test::look_up;
using test::parse_routes;

route_table compile(const std::vector<std::string_view>& texts) {
    return test::compile(parse_routes(texts));
}

TEST(RouteTable, FindsNothingWhereNothingIs) {
    const route_table table;
    EXPECT_EQ(look_up(table, "GET /"), "-");
    EXPECT_EQ(allowed(table, "GET /"), "-");
    EXPECT_EQ(table.methods(), 0U);
}

TEST(RouteTable, TellsPathsApart) {
    const auto table = compile({"GET /", "GET /a", "GET /b/", "GET /c//d"});
    EXPECT_EQ(look_up(table, "GET /"), "/");
    EXPECT_EQ(look_up(table, "GET /a"), "/a");
    EXPECT_EQ(look_up(table, "GET /a/"), "-");
    EXPECT_EQ(look_up(table, "GET /A"), "-");
    EXPECT_EQ(look_up(table, "GET /b"), "-");
    EXPECT_EQ(look_up(table, "GET /b/"), "/b/");
    EXPECT_EQ(look_up(table, "GET //"), "-");
    EXPECT_EQ(look_up(table, "GET /c//d"), "/c//d");
    EXPECT_EQ(look_up(table, "GET /c/d"), "-");
}

// Sizes that a node cannot tell apart by their bits, and such that it can.
TEST(RouteTable, TellsLiteralsOfEachSizeApart) {
    std::vector<std::string> patterns;
    std::vector<route> routes;
    for (std::size_t size = 0; size < 140; size += 3) {
        patterns.push_back("/" + std::string(size, 'a'));
        routes.push_back(test::parse_route("GET " + patterns.back()));
    }
    const auto table = test::compile(routes);
    for (const auto& pattern : patterns) {
        EXPECT_EQ(look_up(table, "GET " + pattern), pattern);
        EXPECT_EQ(look_up(table, "GET " + pattern + "a"), "-");
    }
}

TEST(RouteTable, GivesParametersAsTheyWereReceived) {
    const auto table = compile({"GET /users/{id}/{part}", "GET /files/{path...}"});
    EXPECT_EQ(look_up(table, "GET /users/7/a%2Fb"), "/users/{id}/{part} id=7 part=a%2Fb");
    EXPECT_EQ(look_up(table, "GET /users//x"), "-"); // a parameter is not empty
    EXPECT_EQ(look_up(table, "GET /files/a//b/"), "/files/{path...} path=a//b/");
    EXPECT_EQ(look_up(table, "GET /files/"), "/files/{path...} path=");
    EXPECT_EQ(look_up(table, "GET /files"), "-");
}

TEST(RouteTable, ComparesLiteralsDecoded) {
    const auto table = compile({"GET /a b", "GET /x/y", "GET /100%"});
    EXPECT_EQ(look_up(table, "GET /a%20b"), "/a b");
    EXPECT_EQ(look_up(table, "GET /x%2Fy"), "-"); // an encoded slash makes no segment
    EXPECT_EQ(look_up(table, "GET /100%25"), "/100%");
}

TEST(RouteTable, GoesBackWhereTheBetterBranchEndsNowhere) {
    const auto table =
        compile({"GET /a/b/c", "GET /a/{x}/d", "GET /{y}/b/e", "PUT /a/b/{z}", "GET /{all...}"});
    EXPECT_EQ(look_up(table, "GET /a/b/c"), "/a/b/c");
    EXPECT_EQ(look_up(table, "GET /a/b/d"), "/a/{x}/d x=b");
    EXPECT_EQ(look_up(table, "GET /a/b/e"), "/{y}/b/e y=a");
    EXPECT_EQ(look_up(table, "GET /a/b/f"), "/{all...} all=a/b/f");
    EXPECT_EQ(look_up(table, "PUT /a/b/c"), "/a/b/{z} z=c");
    EXPECT_EQ(look_up(table, "PUT /a/b"), "-");
}

TEST(RouteTable, GivesTheSameInEveryOrderOfRegistration) {
    std::vector<std::string_view> texts{"GET /a/b",      "GET /a/{x}", "GET /{y}/b",
                                        "GET /a/{r...}", "PUT /a/b",   "GET a.org/a/{z}"};
    const std::vector<std::pair<std::string_view, std::string_view>> expected{
        {"GET /a/b", "/a/b"},
        {"GET /a/c", "/a/{x} x=c"},
        {"GET /c/b", "/{y}/b y=c"},
        {"GET /a/", "/a/{r...} r="},
        {"PUT /a/b", "/a/b"},
        {"PUT /a/c", "-"},
        {"GET /a/b/c", "/a/{r...} r=b/c"},
        {"GET a.org/a/b", "/a/{z} z=b"}};
    std::sort(texts.begin(), texts.end());
    std::size_t orders = 0;
    do {
        const auto table = compile(texts);
        for (const auto& [request, found] : expected) {
            ASSERT_EQ(look_up(table, request), found) << request << " in order " << orders;
        }
        ++orders;
    } while (std::next_permutation(texts.begin(), texts.end()));
    EXPECT_EQ(orders, 720U);
}

TEST(RouteTable, PrefersTheExactHostThenTheLongestWildcard) {
    const auto table = compile({"GET /{any}", "GET *.example.org/{wild}", "GET a.example.org/{a}",
                                "GET *.b.example.org/{longer}", "PUT a.example.org/p"});
    EXPECT_EQ(look_up(table, "GET a.example.org/x"), "/{a} a=x");
    EXPECT_EQ(look_up(table, "GET A.Example.ORG:8080/x"), "/{a} a=x");
    EXPECT_EQ(look_up(table, "GET c.example.org/x"), "/{wild} wild=x");
    EXPECT_EQ(look_up(table, "GET d.c.example.org/x"), "/{wild} wild=x");
    EXPECT_EQ(look_up(table, "GET c.b.example.org/x"), "/{longer} longer=x");
    EXPECT_EQ(look_up(table, "GET example.org/x"), "/{any} any=x");
    EXPECT_EQ(look_up(table, "GET badexample.org/x"), "/{any} any=x");
    EXPECT_EQ(look_up(table, "GET /x"), "/{any} any=x");
    EXPECT_EQ(look_up(table, "PUT a.example.org/p"), "/p");
    EXPECT_EQ(look_up(table, "PUT c.example.org/p"), "-");
}

TEST(RouteTable, AsksTheNextHostWhereTheBetterOneDoesNotKnowThePath) {
    const auto table = compile({"GET /shared", "GET *.org/wild", "GET a.org/own"});
    EXPECT_EQ(look_up(table, "GET a.org/own"), "/own");
    EXPECT_EQ(look_up(table, "GET a.org/wild"), "/wild");
    EXPECT_EQ(look_up(table, "GET a.org/shared"), "/shared");
    EXPECT_EQ(look_up(table, "GET b.org/own"), "-");
}

TEST(RouteTable, TakesAnAddressAsAHost) {
    const auto table = compile({"GET [::1]/a", "GET 127.0.0.1/a"});
    EXPECT_EQ(look_up(table, "GET [::1]:80/a"), "/a");
    EXPECT_EQ(look_up(table, "GET 127.0.0.1:80/a"), "/a");
    EXPECT_EQ(look_up(table, "GET 127.0.0.2/a"), "-");
}

TEST(RouteTable, ServesHeadByGet) {
    const auto table = compile({"GET /a", "GET /b", "HEAD /{x}"});
    EXPECT_EQ(look_up(table, "HEAD /a"), "/a");
    EXPECT_EQ(look_up(table, "HEAD /c"), "/{x} x=c");
    EXPECT_EQ(look_up(table, "GET /c"), "-");
}

TEST(RouteTable, PrefersARouteForHeadItself) {
    const auto table = compile({"GET /{x}", "HEAD /{y}"});
    EXPECT_EQ(look_up(table, "HEAD /a"), "/{y} y=a");
    EXPECT_EQ(look_up(table, "GET /a"), "/{x} x=a");
}

TEST(RouteTable, KnowsTheMethodsOfAPath) {
    const auto table = compile({"GET /a", "PUT /a", "DELETE /{x}", "POST /b", "PATCH a.org/a"});
    EXPECT_EQ(allowed(table, "POST /a"), "DELETE, GET, HEAD, OPTIONS, PUT");
    EXPECT_EQ(allowed(table, "POST a.org/a"), "DELETE, GET, HEAD, OPTIONS, PATCH, PUT");
    EXPECT_EQ(allowed(table, "GET /b"), "DELETE, OPTIONS, POST");
    EXPECT_EQ(allowed(table, "GET /a/b"), "-");
    base::arena memory;
    EXPECT_EQ(allow_value(table.methods(), memory), "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT");
}

TEST(RouteTable, FindsEachOfManyRoutes) {
    std::vector<route> routes;
    for (int number = 0; number < 2000; ++number) {
        routes.push_back(
            test::parse_route("GET /r" + std::to_string(number * 7919 % 2000) + "/{x}"));
    }
    const auto table = test::compile(routes);
    for (const auto& one : routes) {
        const auto stem = one.pattern.substr(0, one.pattern.find('{'));
        ASSERT_EQ(look_up(table, "GET " + stem + "7"), one.pattern + " x=7");
    }
    EXPECT_EQ(look_up(table, "GET /r2000/7"), "-");
}

TEST(RouteTable, HoldsSixteenParameters) {
    std::string pattern;
    std::string path;
    std::string found;
    for (char name = 'a'; name < 'p'; ++name) {
        pattern.append("/{") += std::string{name} + "}";
        path.append("/") += name;
        found.append(" ").append(1, name).append("=").append(1, name);
    }
    pattern += "/{p...}";
    const auto table = test::compile({test::parse_route("GET " + pattern)});
    EXPECT_EQ(look_up(table, "GET " + path + "/q/r"), pattern + found + " p=q/r");
}

TEST(RouteTable, LooksUpWithoutAllocating) {
    if (!NEW_MAY_BE_REPLACED) {
        GTEST_SKIP() << "the sanitizer has the operators";
    }
    const auto table = compile({"GET /a/b/{x}", "GET /a/{y}/c", "GET a.org/a b/{r...}"});
    const auto hit = test::parse_request("GET b.org:80/a/z/c");
    const auto decoded = test::parse_request("HEAD A.org/a%20b/c/d");
    const auto miss = test::parse_request("POST /a/b");
    base::arena memory;
    std::array<std::string_view, http::exchange::max_parameters> values;
    const auto before = mortise::test::allocation_count();
    const auto* const found = table.find(hit, memory, values).found;
    const auto* const found_decoded = table.find(decoded, memory, values).found;
    const auto* const found_none = table.find(miss, memory, values).found;
    const auto after = mortise::test::allocation_count();
    EXPECT_EQ(after, before);
    EXPECT_NE(found, nullptr);
    EXPECT_NE(found_decoded, nullptr);
    EXPECT_EQ(found_none, nullptr);
}

} // namespace
} // namespace mortise::routing
