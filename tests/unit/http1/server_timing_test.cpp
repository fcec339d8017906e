// SPDX-License-Identifier: BSL-1.0
// Which answers tell how long their handler took.
#include "unit/http1/served.hpp"

#include <gtest/gtest.h>
#include <regex>

namespace mortise::http1 {
namespace {

using namespace test;

struct timed : served {
    timed() {
        settings.server_timing = true;
        open();
    }
    static bool tells(const std::string& answer) {
        return std::regex_search(answer,
                                 std::regex{"\r\nServer-Timing: handler;dur=\\d+\\.\\d{3}\r\n"});
    }
};

TEST(ServerTiming, StandsBehindTheHandlersFields) {
    timed served;
    served.handler.on_request = [](http::exchange& exchange) {
        const http::field fields[] = {{"A", "b"}};
        exchange.respond({.fields = fields, .content = "c"});
    };
    const auto answer = served.send(get("/"));
    EXPECT_TRUE(timed::tells(answer)) << answer;
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\nA: b\r\nServer-Timing: ")) << answer;
    EXPECT_TRUE(answer.ends_with("Content-Length: 1\r\n\r\nc")) << answer;
}

TEST(ServerTiming, IsInEachAnswerOfAConnection) {
    timed served;
    const auto answers = served.send(get("/a") + get("/b"));
    const auto second = answers.find("HTTP/1.1", 1);
    ASSERT_NE(second, answers.npos);
    EXPECT_TRUE(timed::tells(answers.substr(0, second)));
    EXPECT_TRUE(timed::tells(answers.substr(second)));
}

TEST(ServerTiming, IsInTheHeadOfAStream) {
    timed served;
    served.handler.on_request = [](http::exchange& exchange) {
        exchange.begin_response({}, std::nullopt);
        exchange.end_response();
    };
    EXPECT_TRUE(timed::tells(served.send(get("/"))));
}

TEST(ServerTiming, IsNotInWhatNoHandlerAnswered) {
    timed served;
    EXPECT_FALSE(timed::tells(served.send("BAD\r\n")));
}

TEST(ServerTiming, IsOffUnlessAskedFor) {
    opened served;
    EXPECT_FALSE(timed::tells(served.send(get("/"))));
}

} // namespace
} // namespace mortise::http1
