// SPDX-License-Identifier: BSL-1.0
// Which handler the testing host gives a request to, and what the handler then sees.
#include "unit/sdk/border_plugin.hpp"

#include <mortise/testing.hpp>

#include <cstdint>
#include <gtest/gtest.h>
#include <string>
#include <utility>

namespace mortise::test {
namespace {

class TestingRouting : public ::testing::Test {
protected:
    void serve(std::string method, std::string pattern) {
        const std::string name = method + " " + pattern;
        border_.on(std::move(method), std::move(pattern), 0,
                   [this, name](mortise_exchange exchange, const mortise_request& request) {
                       std::string seen = name;
                       for (std::uint32_t at = 0; at != request.parameter_count; ++at) {
                           seen += " " + text(request.parameters[at].name) + "=" +
                                   text(request.parameters[at].value);
                       }
                       border_.reply(exchange, seen);
                       return MORTISE_REPLIED;
                   });
    }
    static std::string text(mortise_view view) { return {view.data, view.size}; }

    // Who answers, or the status of an answer of the host's own.
    std::string answer_to(testing::request asked) {
        testing::host host;
        const auto answer = host.load(border_.descriptor()).send(std::move(asked));
        return answer.status() == 200 ? answer.content() : std::to_string(answer.status());
    }
    std::string get(std::string target) { return answer_to(testing::get(std::move(target))); }

    border_plugin border_;
};

TEST_F(TestingRouting, PrefersLiteralsToParametersAndThoseToTheRest) {
    serve("GET", "/{rest...}");
    serve("GET", "/users/{id}");
    serve("GET", "/users/me");
    serve("GET", "/{kind}/me/x");
    EXPECT_EQ(get("/users/me"), "GET /users/me");
    EXPECT_EQ(get("/users/7"), "GET /users/{id} id=7");
    EXPECT_EQ(get("/users/me/x"), "GET /{kind}/me/x kind=users");
    EXPECT_EQ(get("/users/"), "GET /{rest...} rest=users/");
    EXPECT_EQ(get("/"), "GET /{rest...} rest=");
}

TEST_F(TestingRouting, DecodesParametersButNoSlashOfTheRest) {
    serve("GET", "/one/{name}");
    serve("GET", "/files/{path...}");
    EXPECT_EQ(get("/one/Ada%20L%2f"), "GET /one/{name} name=Ada L/");
    EXPECT_EQ(get("/files/a%20b/..%2fc"), "GET /files/{path...} path=a b/..%2fc");
    EXPECT_EQ(get("/%6fne/x"), "GET /one/{name} name=x");
}

TEST_F(TestingRouting, RemovesDotSegments) {
    serve("GET", "/a/c");
    EXPECT_EQ(get("/a/b/../c"), "GET /a/c");
    EXPECT_EQ(get("/./a/%2e/c"), "GET /a/c");
    EXPECT_EQ(get("/../a/c"), "GET /a/c");
}

TEST_F(TestingRouting, ServesHeadByGetUnlessThereIsAHeadRoute) {
    serve("GET", "/a");
    testing::host host;
    const auto answer = host.load(border_.descriptor()).send(testing::head("/a"));
    EXPECT_EQ(answer.status(), 200u);
    EXPECT_EQ(answer.content(), "");
}

TEST_F(TestingRouting, AnswersUnknownPathsAndMethods) {
    serve("GET", "/a");
    serve("PUT", "/{x}");
    EXPECT_EQ(get("/a/b"), "404");
    testing::host host;
    auto plugin = host.load(border_.descriptor());
    const auto refused = plugin.send(testing::post("/a"));
    EXPECT_EQ(refused.status(), 405u);
    EXPECT_EQ(refused.field("allow"), "GET, HEAD, OPTIONS, PUT");
    const auto options = plugin.send(testing::options("/a"));
    EXPECT_EQ(options.status(), 204u);
    EXPECT_EQ(options.content(), "");
    EXPECT_EQ(plugin.send(testing::put("/a")).content(), "PUT /{x} x=a");
}

TEST_F(TestingRouting, RefusesTargetsThatBreakARule) {
    serve("GET", "/{name}");
    EXPECT_EQ(get("name"), "400");
    EXPECT_EQ(get("/a b"), "400");
    EXPECT_EQ(get("/a%2"), "400");
    EXPECT_EQ(get("/a#b"), "400");
}

TEST_F(TestingRouting, ShowsTheRequestAsTheServerWould) {
    border_.on("POST", "/x", MORTISE_ROUTE_CONTENT,
               [this](mortise_exchange exchange, const mortise_request& request) {
                   std::string seen = text(request.method) + " " + text(request.target) + " " +
                                      text(request.path) + " " + text(request.query) + " " +
                                      text(request.authority) + " " +
                                      std::to_string(request.version) + " " +
                                      std::to_string(request.content_length) + "\n";
                   for (std::uint32_t at = 0; at != request.field_count; ++at) {
                       seen += text(request.fields[at].name) + ": " +
                               text(request.fields[at].value) + "\n";
                   }
                   border_.reply(exchange, seen + text(request.content));
                   return MORTISE_REPLIED;
               });
    EXPECT_EQ(answer_to(testing::post("/./x?a=b").with_field("X-A", "1").with_content("abc")),
              "POST /./x?a=b /x a=b localhost:8080 11 3\nHost: localhost:8080\nX-A: 1\n"
              "Content-Length: 3\nabc");
    EXPECT_EQ(answer_to(testing::post("/x").with_version(10).with_content("")),
              "POST /x /x   10 0\nContent-Length: 0\n");
    EXPECT_EQ(answer_to(testing::post("/x").with_authority("example.org").with_content("")),
              "POST /x /x  example.org 11 0\nHost: example.org\nContent-Length: 0\n");
}

} // namespace
} // namespace mortise::test
