// SPDX-License-Identifier: BSL-1.0
// Responses in pieces: framing, order, ends, faults.
#include "unit/http1/streaming.hpp"

#include <gtest/gtest.h>

namespace mortise::http1 {
namespace {

using namespace test;
using namespace std::chrono_literals;

const std::string head10 = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";

TEST(ResponseStream, SendsPiecesOfATurnTogether) {
    streaming served;
    served.prepare = [&](http::exchange& exchange) {
        EXPECT_TRUE(served.begin());
        EXPECT_EQ(served.put("one"), writing::done);
        EXPECT_EQ(served.put(std::string(16, 'x')), writing::done);
        exchange.end_response();
    };
    EXPECT_EQ(served.ask(),
              chunked_head + chunk("one") + chunk(std::string(16, 'x')) + last_chunk_text);
    EXPECT_EQ(served.client.writes(), 1U);
    EXPECT_EQ(served.host->exchange_count(), 0U);
    EXPECT_FALSE(served.client.is_closed());
}

TEST(ResponseStream, SendsPiecesOutOfTurnTogether) {
    streaming served;
    EXPECT_EQ(served.ask(), "");
    EXPECT_TRUE(served.begin());
    EXPECT_EQ(served.put("one"), writing::done);
    EXPECT_EQ(served.put("two"), writing::done);
    EXPECT_EQ(served.receive(), chunked_head + chunk("one") + chunk("two"));
    EXPECT_EQ(served.client.writes(), 1U);
    served.put("three");
    served.kept->end_response();
    EXPECT_EQ(served.receive(), chunk("three") + last_chunk_text);
    EXPECT_EQ(served.client.writes(), 2U);
    EXPECT_EQ(served.host->exchange_count(), 0U);
}

TEST(ResponseStream, SendsTheHeadAtTheEndOfTheTurn) {
    streaming served;
    EXPECT_EQ(served.ask_begun(), chunked_head);
    served.kept->end_response();
    EXPECT_EQ(served.receive(), last_chunk_text);
}

TEST(ResponseStream, SendsALargePieceAtOnceWithAllBeforeIt) {
    streaming served;
    const std::string large(100'000, 'x');
    served.ask();
    served.begin();
    served.put("small");
    EXPECT_EQ(served.put(large), writing::done);
    EXPECT_EQ(served.client.writes(), 1U);
    served.kept->end_response();
    EXPECT_EQ(served.receive(), chunked_head + chunk("small") + chunk(large) + last_chunk_text);
}

TEST(ResponseStream, DoesNotLetManyPiecesWaitForTheTurn) {
    streaming served;
    const std::string piece(1000, 'x');
    served.ask();
    served.begin();
    for (int count = 0; count < 40; ++count) {
        EXPECT_EQ(served.put(piece), writing::done);
    }
    EXPECT_EQ(served.client.writes(), 2U);
    served.kept->end_response();
    served.receive();
}

TEST(ResponseStream, WritesNothingForAnEmptyPiece) {
    streaming served;
    served.ask_begun();
    EXPECT_EQ(served.put(""), writing::done);
    EXPECT_EQ(served.receive(), "");
    served.kept->end_response();
    EXPECT_EQ(served.receive(), last_chunk_text);
}

TEST(ResponseStream, AnnouncesALengthThatIsKnown) {
    streaming served;
    EXPECT_EQ(served.ask_begun(6), "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n");
    served.put("one");
    served.put("two");
    EXPECT_EQ(served.receive(), "onetwo");
    served.kept->end_response();
    EXPECT_EQ(served.receive(), "");
    served.prepare = [](http::exchange&) {};
    served.send(get("/b"));
    EXPECT_EQ(served.answer("next"), answer_to("next"));
}

TEST(ResponseStream, EndsAnEmptyResponse) {
    streaming served;
    served.prepare = [&](http::exchange& exchange) {
        served.begin(0);
        exchange.end_response();
    };
    EXPECT_EQ(served.ask(), "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
}

TEST(ResponseStream, AnswersARequestBehindIt) {
    streaming served;
    served.prepare = [&](http::exchange&) { served.begin(); };
    served.open();
    EXPECT_EQ(served.send(get("/a") + get("/b")), chunked_head);
    served.prepare = [](http::exchange& exchange) { exchange.respond({.content = "b"}); };
    served.put("one");
    served.kept->end_response();
    EXPECT_EQ(served.receive(), chunk("one") + last_chunk_text + answer_to("b"));
}

TEST(ResponseStream, SendsNoContentToHead) {
    streaming served;
    served.prepare = [&](http::exchange&) { served.begin(); };
    served.open();
    EXPECT_EQ(served.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + get("/b")), chunked_head);
    EXPECT_EQ(served.put("dropped"), writing::done);
    served.kept->end_response();
    EXPECT_EQ(served.receive(), chunked_head); // that of the next
    served.kept->end_response();
}

TEST(ResponseStream, HoldsNobodyToTheLengthThatItAnnouncesToHead) {
    streaming served;
    served.prepare = [&](http::exchange& exchange) {
        served.begin(6);
        exchange.end_response();
    };
    served.open();
    EXPECT_EQ(served.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"),
              "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n");
    EXPECT_FALSE(served.client.is_closed());
}

TEST(ResponseStream, SendsNoContentWithAStatusThatHasNone) {
    streaming served;
    served.prepare = [&](http::exchange& exchange) {
        exchange.begin_response({.status = 204}, std::nullopt);
        EXPECT_EQ(served.put("dropped"), writing::done);
        exchange.end_response();
    };
    EXPECT_EQ(served.ask(), "HTTP/1.1 204 No Content\r\n\r\n");
    EXPECT_FALSE(served.client.is_closed());
}

TEST(ResponseStream, FramesByTheEndOfTheConnectionForHttp10) {
    streaming served;
    served.prepare = [&](http::exchange& exchange) {
        served.begin();
        served.put("one");
        exchange.end_response();
    };
    served.open();
    EXPECT_EQ(served.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"), head10 + "one");
    EXPECT_TRUE(served.client.is_closed());
    EXPECT_FALSE(served.client.is_reset_by_host());
}

TEST(ResponseStream, KeepsAnHttp10ConnectionWhereTheLengthIsKnown) {
    streaming served;
    served.prepare = [&](http::exchange& exchange) {
        served.begin(3);
        served.put("one");
        exchange.end_response();
    };
    served.open();
    EXPECT_EQ(served.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"),
              "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: keep-alive\r\n\r\none");
    EXPECT_FALSE(served.client.is_closed());
}

TEST(ResponseStream, ShowsAnHttp10ClientThatItBreaksOff) {
    streaming served;
    served.prepare = [&](http::exchange& exchange) {
        served.begin();
        served.put("one");
        exchange.abort_response();
    };
    served.open();
    EXPECT_EQ(served.send("GET / HTTP/1.0\r\n\r\n"), head10 + "one");
    EXPECT_TRUE(served.client.is_reset_by_host());
}

TEST(ResponseStream, BreaksOffWithoutALastChunk) {
    streaming served;
    served.ask_begun();
    served.put("one");
    served.kept->abort_response();
    EXPECT_EQ(served.receive(), chunk("one"));
    EXPECT_TRUE(served.client.is_closed());
    EXPECT_FALSE(served.client.is_reset_by_host());
    EXPECT_EQ(served.host->exchange_count(), 0U);
    EXPECT_EQ(served.observer.notes, notes{});
}

TEST(ResponseStream, RefusesAHeadThatMayNotBeSent) {
    const http::field length[] = {{"Content-Length", "3"}};
    const http::response bad[] = {{.status = 99}, {.fields = length}};
    for (const bool is_late : {false, true}) {
        for (const auto& head : bad) {
            streaming served;
            const auto begin = [&](http::exchange& exchange) {
                EXPECT_FALSE(exchange.begin_response(head, std::nullopt));
                EXPECT_FALSE(exchange.is_answered());
                exchange.respond({.status = 500});
            };
            served.prepare = is_late ? [](http::exchange&) {} : served.prepare;
            if (!is_late) {
                served.prepare = begin;
            }
            auto received = served.ask();
            if (is_late) {
                begin(*served.kept);
                received = served.receive();
            }
            EXPECT_TRUE(received.starts_with("HTTP/1.1 500 ")) << received;
            EXPECT_EQ(served.host->exchange_count(), 0U);
            EXPECT_FALSE(served.client.is_closed());
        }
    }
}

TEST(ResponseStream, ReleasesTheContentOfAHead) {
    streaming served;
    int released = 0;
    const http::response head{.content = "not looked at",
                              .release = [](void* count) noexcept { ++*static_cast<int*>(count); },
                              .release_argument = &released};
    served.prepare = [&](http::exchange& exchange) { exchange.begin_response(head, std::nullopt); };
    EXPECT_EQ(served.ask(), chunked_head);
    EXPECT_EQ(released, 1);
    served.kept->end_response();
}

TEST(ResponseStream, NeverSendsASecondHead) {
    for (const bool is_whole : {true, false}) {
        streaming served;
        served.ask_begun();
        served.put("one");
        int released = 0;
        const http::response second{
            .content = "x",
            .release = [](void* count) noexcept { ++*static_cast<int*>(count); },
            .release_argument = &released};
        EXPECT_FALSE(is_whole ? served.kept->respond(second)
                              : served.kept->begin_response(second, 1));
        EXPECT_EQ(served.receive(), chunk("one"));
        EXPECT_TRUE(served.client.is_closed());
        EXPECT_EQ(released, 1);
        EXPECT_EQ(served.host->exchange_count(), 0U);
    }
}

TEST(ResponseStream, ClosesWhereLessComesThanWasAnnounced) {
    streaming served;
    served.ask_begun(4);
    served.put("one");
    served.kept->end_response();
    EXPECT_EQ(served.receive(), "one");
    EXPECT_TRUE(served.client.is_closed());
    EXPECT_EQ(served.host->exchange_count(), 0U);
}

TEST(ResponseStream, ClosesWhereMoreComesThanWasAnnounced) {
    streaming served;
    served.prepare = [&](http::exchange&) {
        served.begin(4);
        EXPECT_EQ(served.put("one"), writing::done);
        EXPECT_EQ(served.put("two"), writing::failed);
    };
    EXPECT_EQ(served.ask(), "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\none");
    EXPECT_TRUE(served.client.is_closed());
    EXPECT_EQ(served.put(""), writing::failed);
    EXPECT_EQ(served.host->exchange_count(), 1U);
    served.kept->end_response(); // is still owed
    EXPECT_EQ(served.host->exchange_count(), 0U);
}

TEST(ResponseStream, RefusesPiecesBeforeItHasBegun) {
    streaming served;
    served.ask();
    EXPECT_EQ(served.put("one"), writing::failed);
    EXPECT_EQ(served.answer("whole"), answer_to("whole"));
}

TEST(ResponseStream, AnswersForAHandlerThatEndsWhatItDidNotBegin) {
    for (const bool is_abort : {true, false}) {
        streaming served;
        served.ask();
        is_abort ? served.kept->abort_response() : served.kept->end_response();
        EXPECT_TRUE(served.receive().starts_with("HTTP/1.1 500 "));
        EXPECT_EQ(served.host->exchange_count(), 0U);
    }
}

TEST(ResponseStream, EndsTheConnectionWhereTheClientAsksForThat) {
    streaming served;
    served.prepare = [&](http::exchange&) { served.begin(); };
    served.open();
    EXPECT_EQ(served.send(get("/a", "Connection: close\r\n")),
              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
    EXPECT_FALSE(served.client.is_closed());
    served.kept->end_response();
    EXPECT_EQ(served.receive(), last_chunk_text);
    EXPECT_TRUE(served.client.is_closed());
}

TEST(ResponseStream, IsUnderWayWhileTheServerDrains) {
    streaming served;
    served.ask_begun();
    served.host->drain();
    served.put("one");
    EXPECT_EQ(served.receive(), chunk("one"));
    EXPECT_FALSE(served.client.is_closed());
    served.kept->end_response();
    EXPECT_EQ(served.receive(), last_chunk_text);
    EXPECT_TRUE(served.client.is_closed());
}

TEST(ResponseStream, SendsWithinTheTurnOfAnother) {
    streaming served;
    loopback::wire other;
    served.ask_begun();
    served.host->accept(other);
    served.handler.on_request = [&](http::exchange& exchange) {
        served.put("event");
        exchange.respond({.content = "second"});
    };
    other.send(get("/b"));
    EXPECT_EQ(served.receive(), chunk("event"));
    EXPECT_EQ(without_date(other.take_received()), answer_to("second"));
    served.kept->end_response();
}

} // namespace
} // namespace mortise::http1
