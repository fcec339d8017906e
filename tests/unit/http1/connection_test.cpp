// SPDX-License-Identifier: BSL-1.0
// From request to response on one connection: order, cuts, persistence, half-close.
#include "unit/http1/served.hpp"

#include <gtest/gtest.h>

namespace mortise::http1 {
namespace {

using namespace test;

constexpr std::string_view close_line = "Connection: close\r\n";

TEST(Connection, AnswersOneRequestWithOneWrite) {
    opened served;
    EXPECT_EQ(served.send(get("/a")), answer_to("/a"));
    EXPECT_EQ(served.client.writes(), 1U);
    EXPECT_EQ(served.host->exchange_count(), 0U);
    EXPECT_FALSE(served.client.is_closed());
}

TEST(Connection, AnswersPipelinedRequestsInOrderWithOneWrite) {
    opened served;
    EXPECT_EQ(served.send(get("/a") + get("/b") + get("/c")),
              answer_to("/a") + answer_to("/b") + answer_to("/c"));
    EXPECT_EQ(served.client.writes(), 1U);
}

TEST(Connection, KeepsThePartOfARequestForItsRest) {
    opened served;
    const auto second = get("/second");
    EXPECT_EQ(served.send(get("/first") + second.substr(0, 9)), answer_to("/first"));
    EXPECT_EQ(served.send(second.substr(9)), answer_to("/second"));
}

TEST(Connection, AnswersARequestCutAnywhere) {
    const auto request = "\r\n" + get("/a", "X: y\r\n");
    for (std::size_t cut = 1; cut < request.size(); ++cut) {
        opened served;
        EXPECT_EQ(served.send(request.substr(0, cut)), "");
        EXPECT_EQ(served.send(request.substr(cut) + get("/b")), answer_to("/a") + answer_to("/b"));
    }
}

TEST(Connection, AnswersARequestThatComesByteByByte) {
    opened served;
    const auto request = get("/a");
    for (const char byte : request.substr(0, request.size() - 1)) {
        EXPECT_EQ(served.send({&byte, 1}), "");
    }
    EXPECT_EQ(served.send("\n"), answer_to("/a"));
}

TEST(Connection, GoesOnAfterMoreBytesThanItsBufferTakes) {
    opened served;
    std::string requests;
    std::string answers;
    for (int count = 0; count < 5000; ++count) {
        requests += get("/a");
        answers += answer_to("/a");
    }
    ASSERT_GT(requests.size(), 2 * input_buffer::capacity);
    EXPECT_EQ(served.send(requests), answers);
}

TEST(Connection, ClosesAfterTheAnswerWhenTheClientSaysSo) {
    opened served;
    EXPECT_EQ(served.send(get("/a", close_line)), answer_to("/a", close_line));
    EXPECT_TRUE(served.client.is_closed());
    EXPECT_EQ(served.host->connection_count(), 0U);
}

TEST(Connection, AnswersNothingBehindTheLastAnswer) {
    opened served;
    EXPECT_EQ(served.send(get("/a", close_line) + get("/b")), answer_to("/a", close_line));
    EXPECT_TRUE(served.client.is_host_shut());
    EXPECT_EQ(served.send(get("/c")), "");
}

TEST(Connection, ClosesHttp10UnlessAskedToKeepIt) {
    opened ends;
    EXPECT_EQ(ends.send("GET /a HTTP/1.0\r\n\r\n"), answer_to("/a", close_line));
    EXPECT_TRUE(ends.client.is_closed());
    opened lasts;
    EXPECT_EQ(lasts.send("GET /a HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"),
              answer_to("/a", "Connection: keep-alive\r\n"));
    EXPECT_FALSE(lasts.client.is_closed());
    EXPECT_EQ(lasts.send(get("/b")), answer_to("/b"));
}

TEST(Connection, AnswersHeadWithoutContent) {
    opened served;
    EXPECT_EQ(served.send("HEAD /abc HTTP/1.1\r\nHost: a\r\n\r\n" + get("/b")),
              "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n" + answer_to("/b"));
}

TEST(Connection, SendsNoContentWithAStatusThatHasNone) {
    served served;
    served.handler.on_request = [](http::exchange& exchange) {
        exchange.respond({.status = 204, .content = "not sent"});
    };
    served.open();
    EXPECT_EQ(served.send(get("/a")), "HTTP/1.1 204 No Content\r\n\r\n");
}

TEST(Connection, WritesTheServerFieldThatWasChosen) {
    served served;
    served.settings.server_field = "chosen";
    served.open();
    EXPECT_EQ(served.send(get("/")),
              "HTTP/1.1 200 OK\r\nServer: chosen\r\nContent-Length: 1\r\n\r\n/");
}

TEST(Connection, RefusesAMalformedRequestAfterTheOnesBeforeIt) {
    opened served;
    EXPECT_EQ(served.send(get("/a") + "BAD\r\n\r\n" + get("/b")),
              answer_to("/a") + refusal("400 Bad Request",
                                        "The request line is not METHOD SP TARGET SP HTTP/1.1"));
    EXPECT_TRUE(served.client.is_host_shut());
    EXPECT_FALSE(served.client.is_closed()); // it reads on, so that no reset takes the answer away
    served.send_and_shut("more");
    EXPECT_TRUE(served.client.is_closed());
    EXPECT_EQ(served.host->exchange_count(), 0U);
}

TEST(Connection, AnswersARequestThatCameWithTheEndOfTheStream) {
    opened served;
    EXPECT_EQ(served.send_and_shut(get("/a") + get("/b")), answer_to("/a") + answer_to("/b"));
    EXPECT_TRUE(served.client.is_closed());
}

TEST(Connection, ClosesWhenTheClientLeavesBetweenRequests) {
    opened served;
    EXPECT_EQ(served.send(get("/a")), answer_to("/a"));
    EXPECT_EQ(served.send_and_shut(""), "");
    EXPECT_TRUE(served.client.is_closed());
    EXPECT_EQ(served.host->connection_count(), 0U);
}

TEST(Connection, RefusesAHeadThatEndsWithTheStream) {
    opened served;
    EXPECT_EQ(served.send_and_shut("GET / HTTP/1.1\r\n"),
              refusal("400 Bad Request", "The request ended within its header section"));
    EXPECT_TRUE(served.client.is_closed());
}

TEST(Connection, ClosesWhenTheConnectionBreaks) {
    opened served;
    served.client.send("GET / HT");
    served.client.reset();
    EXPECT_EQ(served.receive(), "");
    EXPECT_EQ(served.host->connection_count(), 0U);
    EXPECT_EQ(served.host->exchange_count(), 0U);
}

TEST(Connection, ReplacesAResponseThatMayNotBeSent) {
    served served;
    served.handler.on_request = [](http::exchange& exchange) {
        const http::field field{"A", "b\r\nC: d"};
        EXPECT_FALSE(exchange.respond({.fields = {&field, 1}, .content = "secret"}));
    };
    served.open();
    testing::internal::CaptureStderr();
    const auto received = served.send(get("/a") + get("/b"));
    EXPECT_NE(testing::internal::GetCapturedStderr().find("a handler's response may not be sent"),
              std::string::npos);
    const std::string content =
        "500 Internal Server Error: The handler's response may not be sent\n";
    const auto one = "HTTP/1.1 500 Internal Server Error\r\nContent-Type: text/plain; "
                     "charset=utf-8\r\nContent-Length: " +
                     std::to_string(content.size()) + "\r\n\r\n" + content;
    EXPECT_EQ(received, one + one);
}

} // namespace
} // namespace mortise::http1
