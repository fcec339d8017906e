// SPDX-License-Identifier: BSL-1.0
// A request's content: asked for piece by piece, bounded, and read past where nobody wants it.
#include "unit/http1/served.hpp"

#include <gtest/gtest.h>
#include <memory>

namespace mortise::http1 {
namespace {

using namespace test;

std::string post(std::string_view content, std::string_view more = {}) {
    return "POST /p HTTP/1.1\r\nHost: a\r\n" + std::string{more} +
           "Content-Length: " + std::to_string(content.size()) + "\r\n\r\n" + std::string{content};
}
const std::string post_chunked =
    "POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

// A connection whose handler echoes the content: at once as far as it is there, or as the test
// asks for it.
struct echoing : served {
    std::vector<std::unique_ptr<content_echo>> echoes;
    std::size_t room = 4096;
    bool reads = true;

    echoing() {
        handler.on_request = [this](http::exchange& exchange) {
            echoes.push_back(std::make_unique<content_echo>(exchange, room));
            if (reads) {
                echoes.back()->read();
            }
        };
    }
    content_echo& last() { return *echoes.back(); }
};

TEST(ConnectionContent, IsReadThatCameWithTheHead) {
    echoing served;
    served.open();
    EXPECT_EQ(served.send(post("abc") + post("") + get("/a")),
              answer_to("abc") + answer_to("") + answer_to(""));
    EXPECT_EQ(served.client.writes(), 1U);
}

TEST(ConnectionContent, IsReadFromChunks) {
    echoing served;
    served.open();
    EXPECT_EQ(served.send(post_chunked + "3\r\nabc\r\n2;x\r\nde\r\n0\r\nA: b\r\n\r\n" + get("/a")),
              answer_to("abcde") + answer_to(""));
}

TEST(ConnectionContent, IsReadHoweverItIsCut) {
    for (const auto& request :
         {post("abcdef"), post_chunked + "3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n"}) {
        for (std::size_t cut = 1; cut < request.size(); ++cut) {
            echoing served;
            served.room = 1 + cut % 4;
            served.open();
            EXPECT_EQ(served.send(request.substr(0, cut)), "");
            EXPECT_EQ(served.send(request.substr(cut) + get("/a")),
                      answer_to("abcdef") + answer_to(""));
        }
    }
}

TEST(ConnectionContent, StaysOnTheWireUntilItIsAskedFor) {
    echoing served;
    served.reads = false;
    served.room = 10;
    served.open();
    const std::string content(500'000, 'x');
    served.send(post(content).substr(0, 100));
    served.send(content); // more than is owed
    const auto unread = served.client.unread();
    EXPECT_EQ(unread, content.size());
    served.last().read(1);
    served.receive();
    EXPECT_EQ(served.last().content().size(), 10U);
    EXPECT_GE(served.client.unread(), unread - input_buffer::capacity);
}

TEST(ConnectionContent, GoesOnWhenItIsAskedForOutOfTurn) {
    echoing served;
    served.reads = false;
    served.room = 2;
    served.open();
    EXPECT_EQ(served.send(post("abcde")), "");
    for (const auto* const so_far : {"ab", "abcd", "abcde"}) {
        served.last().read(1);
        EXPECT_EQ(served.receive(), "");
        EXPECT_EQ(served.last().content(), so_far);
    }
    served.last().read(1);
    EXPECT_EQ(served.receive(), answer_to("abcde"));
    EXPECT_EQ(served.host->exchange_count(), 0U);
}

TEST(ConnectionContent, FailsWhenTheStreamEndsWithinIt) {
    echoing served;
    served.open();
    const auto request = post("abcde");
    const auto received = served.send_and_shut(request.substr(0, request.size() - 1));
    EXPECT_TRUE(received.starts_with("HTTP/1.1 400 Bad Request\r\n"));
    EXPECT_EQ(served.last().failure(), 400U);
    EXPECT_TRUE(served.client.is_closed());
}

TEST(ConnectionContent, FailsWhenTheClientLeavesWithinIt) {
    echoing served;
    served.open();
    served.send(post_chunked + "3\r\nab");
    served.client.reset();
    EXPECT_EQ(served.receive(), "");
    EXPECT_EQ(served.last().failure(), 499U);
    EXPECT_EQ(served.host->exchange_count(), 0U);
}

TEST(ConnectionContent, FailsForAHandlerThatAsksAfterTheClientLeft) {
    echoing served;
    served.reads = false;
    served.open();
    served.send(post("abc"));
    served.client.reset();
    served.receive();
    EXPECT_EQ(served.host->exchange_count(), 1U);
    served.last().read();
    EXPECT_EQ(served.last().failure(), 499U);
    EXPECT_EQ(served.host->exchange_count(), 0U);
}

TEST(ConnectionContent, FailsAndClosesWhenChunksAreBroken) {
    echoing served;
    served.open();
    const auto received = served.send(post_chunked + "1\r\nab\r\n" + get("/a"));
    EXPECT_TRUE(received.starts_with("HTTP/1.1 400 Bad Request\r\n"));
    EXPECT_NE(received.find("\r\nConnection: close\r\n"), std::string::npos);
    EXPECT_EQ(received.find("HTTP/1.1", 1), std::string::npos);
    EXPECT_TRUE(served.client.is_host_shut());
}

TEST(ConnectionContent, IsTakenUpToItsLimit) {
    echoing served;
    served.settings.limits.content_size = 4;
    served.open();
    EXPECT_EQ(served.send(post("abcd")), answer_to("abcd"));
    EXPECT_EQ(served.send(post_chunked + "4\r\nabcd\r\n0\r\n\r\n"), answer_to("abcd"));
}

TEST(ConnectionContent, IsRefusedAtOnceWhenItsLengthIsTooLarge) {
    echoing served;
    served.settings.limits.content_size = 4;
    served.open();
    const auto received = served.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
    EXPECT_TRUE(received.starts_with("HTTP/1.1 413 "));
    EXPECT_NE(received.find("\r\nConnection: close\r\n"), std::string::npos);
}

TEST(ConnectionContent, IsRefusedAtTheChunkThatIsTooMuch) {
    echoing served;
    served.settings.limits.content_size = 4;
    served.open();
    EXPECT_EQ(served.send(post_chunked + "4\r\nabcd\r\n"), "");
    EXPECT_TRUE(served.send("1\r\ne").starts_with("HTTP/1.1 413 "));
}

TEST(ConnectionContent, IsBoundedByWhatTheHandlerSays) {
    echoing served;
    served.settings.limits.content_size = 4;
    served.handler.on_request = [inner = served.handler.on_request](http::exchange& exchange) {
        exchange.limit_content(exchange.request().path == "/p" ? 6 : 2);
        inner(exchange);
    };
    served.open();
    EXPECT_EQ(served.send(post("abcdef")), answer_to("abcdef"));
    EXPECT_TRUE(served.send(post("abcdefg")).starts_with("HTTP/1.1 413 "));
}

TEST(ConnectionContent, IsReadPastWhenTheHandlerDidNotWantIt) {
    served served;
    served.settings.limits.drained_content_size = 8;
    served.open();
    EXPECT_EQ(served.send(post("12345678") + get("/a")), answer_to("/p") + answer_to("/a"));
    EXPECT_EQ(served.send(post_chunked + "8\r\n12345678\r\n0\r\n\r\n" + get("/a")),
              answer_to("/p") + answer_to("/a"));
    EXPECT_EQ(served.send(post("12345678").substr(0, 50)), answer_to("/p"));
    EXPECT_EQ(served.send(post("12345678").substr(50) + get("/a")), answer_to("/a"));
}

TEST(ConnectionContent, EndsTheConnectionWhenTooMuchIsLeftUnread) {
    served by_length;
    by_length.settings.limits.drained_content_size = 8;
    by_length.open();
    EXPECT_EQ(by_length.send(post("123456789") + get("/a")),
              answer_to("/p", "Connection: close\r\n"));
    EXPECT_TRUE(by_length.client.is_host_shut());

    served by_chunks;
    by_chunks.settings.limits.drained_content_size = 8;
    by_chunks.open();
    EXPECT_EQ(by_chunks.send(post_chunked + "9\r\n123456789\r\n0\r\n\r\n" + get("/a")),
              answer_to("/p"));
    EXPECT_TRUE(by_chunks.client.is_host_shut());
    EXPECT_EQ(by_chunks.host->exchange_count(), 0U);
}

TEST(ConnectionContent, EndsTheConnectionWhenItIsCutOffWhileReadPast) {
    opened served;
    const auto request = post("abc");
    EXPECT_EQ(served.send_and_shut(request.substr(0, request.size() - 1)), answer_to("/p"));
    EXPECT_TRUE(served.client.is_closed());
}

constexpr std::string_view expectation = "Expect: 100-continue\r\n";
const std::string go_on = "HTTP/1.1 100 Continue\r\n\r\n";

TEST(ConnectionContent, IsInvitedWhenItIsFirstAskedFor) {
    echoing served;
    served.reads = false;
    served.room = 2;
    served.open();
    const auto request = post("abc", expectation);
    EXPECT_EQ(served.send(request.substr(0, request.size() - 3)), "");
    served.last().read(1);
    EXPECT_EQ(served.receive(), go_on);
    EXPECT_EQ(served.send("abc"), "");
    served.last().read();
    EXPECT_EQ(served.receive(), answer_to("abc"));
}

TEST(ConnectionContent, IsInvitedThoughAnotherClientLeftBytes) {
    echoing served;
    served.reads = false;
    served.open();
    loopback::wire other;
    served.host->accept(other);
    const auto request = post("abc", expectation);
    served.send(request.substr(0, request.size() - 3));
    other.send("GET / HTTP/1.1\r\n");
    served.last().read();
    EXPECT_EQ(served.receive(), go_on);
    EXPECT_EQ(served.send("abc"), answer_to("abc"));
}

TEST(ConnectionContent, IsNotInvitedOutOfTurnWhenItIsThere) {
    echoing served;
    served.reads = false;
    served.open();
    served.send(post("abc", expectation));
    served.last().read();
    EXPECT_EQ(served.receive(), answer_to("abc"));
}

TEST(ConnectionContent, IsInvitedWithinTheHandlersTurn) {
    echoing served;
    served.open();
    const auto request = post("abc", expectation);
    EXPECT_EQ(served.send(request.substr(0, request.size() - 3)), go_on);
    EXPECT_EQ(served.send("abc"), answer_to("abc"));
}

TEST(ConnectionContent, IsNotInvitedWhenItIsThere) {
    echoing served;
    served.open();
    EXPECT_EQ(served.send(post("abc", expectation)), answer_to("abc"));
}

TEST(ConnectionContent, IsNotInvitedWhenThereIsNone) {
    echoing served;
    served.open();
    EXPECT_EQ(served.send(post("", expectation)), answer_to(""));
}

TEST(ConnectionContent, IsNotWaitedForWhenItWasNotInvited) {
    opened served;
    const auto request = post("abc", expectation);
    EXPECT_EQ(served.send(request.substr(0, request.size() - 3)),
              answer_to("/p", "Connection: close\r\n"));
    EXPECT_TRUE(served.client.is_host_shut());
}

TEST(ConnectionContent, IsNotExpectedOtherwise) {
    opened served;
    EXPECT_EQ(served.send(post("abc", "Expect: a-miracle\r\n")),
              refusal("417 Expectation Failed", "The only expectation met is 100-continue"));
}

} // namespace
} // namespace mortise::http1
