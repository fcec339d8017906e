// SPDX-License-Identifier: BSL-1.0
// Exchanges on their way to a handler, and those that no route serves.
#include "loopback/exchange.hpp"
#include "routing/router.hpp"
#include "unit/routing/fixture.hpp"

#include <gtest/gtest.h>

namespace mortise::routing {
namespace {

using http::method;

// Answers with the route and the parameters that it was given.
class showing_handler final : public http::handler {
public:
    void handle(http::exchange& exchange) noexcept override {
        std::string shown{exchange.pattern()};
        for (const auto& one : exchange.parameters()) {
            shown.append(" ").append(one.name).append("=").append(one.value);
        }
        exchange.respond({.content = shown});
    }
};

class Router : public testing::Test {
protected:
    router make(const std::vector<std::string_view>& texts) {
        auto routes = test::parse_routes(texts);
        for (auto& one : routes) {
            one.handler = &handler_;
        }
        return router{test::compile(routes)};
    }

    static loopback::received answer(router& tried, method asked, std::string_view path) {
        loopback::exchange exchange{asked, path};
        tried.handle(exchange);
        return exchange.response().value();
    }

    static std::string allow(const loopback::received& response) {
        for (const auto& [name, value] : response.fields) {
            if (name == "Allow") {
                return value;
            }
        }
        return "-";
    }

private:
    showing_handler handler_;
};

TEST_F(Router, HandsTheExchangeOverWithRouteAndDecodedParameters) {
    auto router = make({"GET /users/{id}/{part...}"});
    const auto response = answer(router, method::get, "/users/a%20b/c%20d/e");
    EXPECT_EQ(response.status, 200U);
    EXPECT_EQ(response.content, "/users/{id}/{part...} id=a b part=c d/e");
}

TEST_F(Router, MakesNoSegmentOfAnEscapedSlash) {
    auto router = make({"GET /files/{path...}", "GET /users/{id}"});
    EXPECT_EQ(answer(router, method::get, "/files/..%2f..%2Fetc/passwd").content,
              "/files/{path...} path=..%2f..%2Fetc/passwd");
    EXPECT_EQ(answer(router, method::get, "/users/a%2fb").content, "/users/{id} id=a/b");
}

TEST_F(Router, SaysThatAPathIsNotFound) {
    auto router = make({"GET /a"});
    const auto response = answer(router, method::get, "/b");
    EXPECT_EQ(response.status, 404U);
    EXPECT_EQ(response.content, "404 Not Found: No route serves this path\n");
    EXPECT_EQ(allow(response), "-");
    EXPECT_EQ(answer(router, method::options, "/b").status, 404U);
}

TEST_F(Router, SetsNoRouteWhereNoneMatched) {
    auto router = make({"GET /a"});
    loopback::exchange exchange{method::get, "/b"};
    router.handle(exchange);
    EXPECT_EQ(exchange.route(), nullptr);
}

// RFC 9110, 15.5.6
TEST_F(Router, SaysWhichMethodsAPathTakes) {
    auto router = make({"GET /a", "PUT /a"});
    const auto response = answer(router, method::post, "/a");
    EXPECT_EQ(response.status, 405U);
    EXPECT_EQ(allow(response), "GET, HEAD, OPTIONS, PUT");
    EXPECT_EQ(response.content, "405 Method Not Allowed: The path does not take this method\n");
}

TEST_F(Router, RefusesUnknownMethodsAsThePathDoes) {
    auto router = make({"GET /a"});
    EXPECT_EQ(answer(router, method::unknown, "/a").status, 405U);
    EXPECT_EQ(answer(router, method::unknown, "/b").status, 404U);
}

TEST_F(Router, AnswersOptionsOfAPath) {
    auto router = make({"POST /a", "GET /b"});
    const auto response = answer(router, method::options, "/a");
    EXPECT_EQ(response.status, 204U);
    EXPECT_EQ(allow(response), "OPTIONS, POST");
    EXPECT_EQ(response.content, "");
}

TEST_F(Router, LeavesOptionsToARouteThatTakesIt) {
    auto router = make({"OPTIONS /a", "GET /a"});
    const auto response = answer(router, method::options, "/a");
    EXPECT_EQ(response.status, 200U);
    EXPECT_EQ(response.content, "/a");
}

// RFC 9110, 9.3.7
TEST_F(Router, AnswersOptionsOfTheWholeServer) {
    auto router = make({"POST /a", "GET other.org/b"});
    const auto response = answer(router, method::options, "*");
    EXPECT_EQ(response.status, 204U);
    EXPECT_EQ(allow(response), "GET, HEAD, OPTIONS, POST");
}

TEST_F(Router, AnswersWithoutAnyRoute) {
    auto router = make({});
    EXPECT_EQ(answer(router, method::get, "/").status, 404U);
    const auto response = answer(router, method::options, "*");
    EXPECT_EQ(response.status, 204U);
    EXPECT_EQ(allow(response), "OPTIONS");
}

} // namespace
} // namespace mortise::routing
