// SPDX-License-Identifier: BSL-1.0
// Answers to a client that reads slowly or not at all, and content that is lent.
#include "unit/http1/served.hpp"

#include <gtest/gtest.h>

namespace mortise::http1 {
namespace {

using namespace test;

// A connection whose handler lends the same large content to each request.
struct lending : served {
    std::string content = std::string(100'000, 'x');
    int lent = 0;
    int released = 0;

    lending() {
        handler.on_request = [this](http::exchange& exchange) {
            ++lent;
            exchange.respond(
                {.content = content,
                 .release = [](void* self) noexcept { ++static_cast<lending*>(self)->released; },
                 .release_argument = this});
        };
    }
};

TEST(ConnectionWriting, SendsLentContentAndReleasesIt) {
    lending served;
    served.open();
    EXPECT_EQ(served.send(get("/a")), answer_to(served.content));
    EXPECT_EQ(served.client.writes(), 1U);
    EXPECT_EQ(served.released, 1);
}

TEST(ConnectionWriting, ReleasesSmallContentThatItCopied) {
    lending served;
    served.content = "small";
    served.open();
    EXPECT_EQ(served.send(get("/a") + get("/b")), answer_to("small") + answer_to("small"));
    EXPECT_EQ(served.client.writes(), 1U);
    EXPECT_EQ(served.released, 2);
}

TEST(ConnectionWriting, ReleasesContentThatIsNotSent) {
    lending served;
    served.open();
    EXPECT_EQ(served.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"),
              "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
    EXPECT_EQ(served.released, 1);
}

TEST(ConnectionWriting, ReleasesContentOfAResponseThatMayNotBeSent) {
    served served;
    int released = 0;
    served.handler.on_request = [&](http::exchange& exchange) {
        exchange.respond({.status = 99,
                          .content = "x",
                          .release = [](void* count) noexcept { ++*static_cast<int*>(count); },
                          .release_argument = &released});
    };
    served.open();
    EXPECT_TRUE(served.send(get("/")).starts_with("HTTP/1.1 500 "));
    EXPECT_EQ(released, 1);
}

TEST(ConnectionWriting, KeepsLentContentUntilTheClientHasTakenIt) {
    lending served;
    served.open();
    served.client.limit_room(1000);
    auto received = served.send(get("/a"));
    EXPECT_EQ(served.released, 0);
    for (int steps = 0; steps < 200 && served.released == 0; ++steps) {
        served.client.give_room(1000);
        received += served.receive();
    }
    EXPECT_EQ(received, answer_to(served.content));
    EXPECT_EQ(served.released, 1);
}

TEST(ConnectionWriting, KeepsOrderWhereverAWriteComesShort) {
    lending served;
    served.content = std::string(20'000, 'x');
    const auto expected = answer_to(served.content) + answer_to(served.content);
    for (std::size_t room = 1; room < 300; room += 7) {
        lending slow;
        slow.content = served.content;
        slow.open();
        slow.client.limit_room(room);
        std::string received = (slow.client.send(get("/a") + get("/b")), slow.host->settle(),
                                slow.client.take_received());
        while (slow.client.give_room(10'000), slow.host->settle(),
               !slow.client.received().empty()) {
            received += slow.client.take_received();
        }
        EXPECT_EQ(without_date(received), expected) << "with room for " << room;
        EXPECT_EQ(slow.released, 2);
    }
}

TEST(ConnectionWriting, ReleasesLentContentWhenTheClientIsReset) {
    lending served;
    served.open();
    served.client.limit_room(1000);
    served.send(get("/a"));
    EXPECT_EQ(served.released, 0);
    served.client.reset();
    served.receive();
    EXPECT_EQ(served.released, 1);
    EXPECT_EQ(served.host->connection_count(), 0U);
}

TEST(ConnectionWriting, ReleasesLentContentWhenTheClientWasGoneBefore) {
    lending served;
    http::exchange* kept = nullptr;
    served.handler.on_request = [&, inner = served.handler.on_request](http::exchange& exchange) {
        kept == nullptr ? static_cast<void>(kept = &exchange) : inner(exchange);
    };
    served.open();
    served.send(get("/a"));
    served.client.reset();
    served.receive();
    served.handler.handle(*kept);
    EXPECT_EQ(served.released, 1);
    EXPECT_EQ(served.host->exchange_count(), 0U);
}

TEST(ConnectionWriting, ReadsNothingWhileTheClientTakesNothing) {
    opened served;
    served.client.limit_room(0);
    served.send(get("/a"));
    EXPECT_EQ(served.client.unread(), 0U);
    served.send(get("/b"));
    EXPECT_EQ(served.client.unread(), get("/b").size());
    served.client.give_room(100'000);
    EXPECT_EQ(served.receive(), answer_to("/a") + answer_to("/b"));
}

TEST(ConnectionWriting, AnswersNoFurtherRequestWhileTheClientTakesNothing) {
    lending served;
    served.open();
    served.client.limit_room(0);
    served.send(get("/a") + get("/b") + get("/c"));
    EXPECT_EQ(served.lent, 1);
    served.client.give_room(110'000);
    served.receive();
    EXPECT_EQ(served.lent, 2);
    served.client.give_room(1'000'000);
    served.receive();
    EXPECT_EQ(served.lent, 3);
    EXPECT_EQ(served.released, 3);
}

TEST(ConnectionWriting, ClosesOnlyWhenTheLastAnswerIsTaken) {
    lending served;
    served.open();
    served.client.limit_room(1000);
    auto received = served.send_and_shut(get("/a", "Connection: close\r\n"));
    EXPECT_FALSE(served.client.is_closed());
    served.client.give_room(1'000'000);
    received += served.receive();
    EXPECT_EQ(received, answer_to(served.content, "Connection: close\r\n"));
    EXPECT_TRUE(served.client.is_closed());
    EXPECT_EQ(served.released, 1);
}

TEST(ConnectionWriting, ClosesAfterTheEndOfTheStreamWhenTheAnswerIsTaken) {
    lending served;
    served.open();
    served.client.limit_room(1000);
    auto received = served.send_and_shut(get("/a"));
    EXPECT_FALSE(served.client.is_closed());
    served.client.give_room(1'000'000);
    received += served.receive();
    EXPECT_EQ(received, answer_to(served.content));
    EXPECT_TRUE(served.client.is_closed());
}

TEST(ConnectionWriting, WritesLargeOutputBeforeItGrowsOn) {
    served served;
    served.handler.on_request = [](http::exchange& exchange) {
        const std::string content(10'000, 'x');
        exchange.respond({.content = content});
    };
    served.open();
    std::string requests;
    for (int count = 0; count < 20; ++count) {
        requests += get("/a");
    }
    served.send(requests);
    EXPECT_GT(served.client.writes(), 1U);
    EXPECT_LT(served.client.writes(), 20U);
}

} // namespace
} // namespace mortise::http1
