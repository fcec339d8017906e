// SPDX-License-Identifier: BSL-1.0
// Streamed responses to clients that read slowly or leave.
#include "unit/http1/streaming.hpp"

#include <gtest/gtest.h>

namespace mortise::http1 {
namespace {

using namespace test;
using namespace std::chrono_literals;

TEST(StreamPressure, BorrowsAPieceUntilTheClientHasTakenIt) {
    streaming served;
    served.ask_begun();
    served.client.limit_room(1000);
    EXPECT_EQ(served.put(large), writing::pending);
    auto received = served.receive();
    EXPECT_EQ(received.size(), 1000U);
    while (served.observer.notes.empty() && received.size() < 2 * large.size()) {
        served.client.give_room(30'000);
        received += served.receive();
    }
    EXPECT_EQ(received, chunk(large));
    EXPECT_EQ(served.observer.notes, notes{"written"});
    served.kept->end_response();
    EXPECT_EQ(served.receive(), last_chunk_text);
}

TEST(StreamPressure, KeepsOrderWhereverAWriteComesShort) {
    for (std::size_t room = 0; room < 120; ++room) {
        streaming served;
        served.open();
        served.client.limit_room(room);
        served.prepare = [&](http::exchange&) { served.begin(); };
        served.client.send(get("/a"));
        std::vector<std::string_view> rest{large, "one"};
        const auto go_on = [&] {
            while (!rest.empty()) {
                const auto piece = rest.back();
                rest.pop_back();
                if (served.put(piece) == writing::pending) {
                    return;
                }
            }
            served.kept->end_response();
        };
        served.write.when_complete = go_on;
        go_on();
        for (int steps = 0; steps < 8; ++steps) {
            served.host->settle();
            served.client.give_room(30'000);
        }
        EXPECT_EQ(served.receive(), chunked_head + chunk("one") + chunk(large) + last_chunk_text)
            << room;
        EXPECT_EQ(served.host->exchange_count(), 0U);
    }
}

TEST(StreamPressure, BorrowsSmallPiecesTooWhileTheClientTakesNothing) {
    streaming served;
    served.ask_begun();
    served.client.limit_room(0);
    EXPECT_EQ(served.put("copied"), writing::done);
    EXPECT_EQ(served.receive(), "");
    std::string piece = "borrowed";
    EXPECT_EQ(served.put(piece), writing::pending);
    EXPECT_EQ(served.receive(), "");
    piece = "BORROWED"; // which nobody may do
    served.client.give_room(1000);
    EXPECT_EQ(served.receive(), chunk("copied") + chunk("BORROWED"));
    EXPECT_EQ(served.observer.notes, notes{"written"});
    served.kept->end_response();
}

TEST(StreamPressure, TakesTheNextPieceWhileItTellsOfTheLast) {
    streaming served;
    served.ask_begun();
    served.client.limit_room(0);
    served.put("one");
    served.receive();
    int rest = 3;
    served.write.when_complete = [&] {
        if (--rest == 0) {
            served.kept->end_response();
        } else {
            EXPECT_EQ(served.put("next"), writing::done);
            EXPECT_EQ(served.put(large), writing::pending);
        }
    };
    EXPECT_EQ(served.put("two"), writing::pending);
    EXPECT_EQ(served.take_all(20'000), chunk("one") + chunk("two") + chunk("next") + chunk(large) +
                                           chunk("next") + chunk(large) + last_chunk_text);
    EXPECT_EQ(served.host->exchange_count(), 0U);
}

TEST(StreamPressure, GivesWayToOthersWhereTheClientTakesEverything) {
    streaming served;
    int pieces = 0;
    served.prepare = [&](http::exchange&) {
        served.begin();
        while (served.put(large) == writing::done) {
            ++pieces;
        }
    };
    served.open();
    served.client.send(get("/a"));
    EXPECT_EQ(pieces, 5); // 512 KiB
    EXPECT_EQ(served.observer.notes, notes{});
    served.receive();
    EXPECT_EQ(served.observer.notes, notes{"written"});
    served.kept->end_response();
    served.receive();
}

TEST(StreamPressure, GivesWayWhileItDropsWhatHeadDoesNotGet) {
    streaming served;
    int pieces = 0;
    served.prepare = [&](http::exchange&) {
        served.begin();
        while (served.put(large) == writing::done) {
            ++pieces;
        }
    };
    served.open();
    served.client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(pieces, 5);
    EXPECT_EQ(served.receive(), chunked_head);
    EXPECT_EQ(served.observer.notes, notes{"written"});
    served.kept->end_response();
}

TEST(StreamPressure, RefusesASecondWriteWhileOneIsPending) {
    streaming served;
    served.ask_begun();
    served.client.limit_room(0);
    EXPECT_EQ(served.put(large), writing::pending);
    EXPECT_EQ(served.put("two"), writing::failed);
    EXPECT_EQ(served.observer.notes, notes{}); // not from within that call
    EXPECT_EQ(served.receive(), "");
    EXPECT_EQ(served.observer.notes, (notes{"abandoned 499", "write failed 499"}));
    EXPECT_TRUE(served.client.is_closed());
    served.kept->end_response();
    EXPECT_EQ(served.host->exchange_count(), 0U);
}

TEST(StreamPressure, BreaksOffWhereItEndsWithAWritePending) {
    for (const bool is_fault : {true, false}) {
        streaming served;
        served.ask_begun();
        served.client.limit_room(100);
        EXPECT_EQ(served.put(large), writing::pending);
        is_fault ? served.kept->end_response() : served.kept->abort_response();
        EXPECT_LE(served.receive().size(), 100U);
        EXPECT_TRUE(served.client.is_closed());
        EXPECT_EQ(served.observer.notes, notes{});
        EXPECT_EQ(served.host->exchange_count(), 0U);
    }
}

TEST(StreamPressure, FailsAPendingWriteWhenTheClientLeaves) {
    streaming served;
    served.ask_begun();
    served.client.limit_room(0);
    EXPECT_EQ(served.put(large), writing::pending);
    served.client.reset();
    served.receive();
    EXPECT_EQ(served.observer.notes, (notes{"abandoned 499", "write failed 499"}));
    EXPECT_EQ(served.put("more"), writing::failed);
    EXPECT_EQ(served.host->exchange_count(), 1U);
    served.kept->end_response();
    EXPECT_EQ(served.host->exchange_count(), 0U);
}

TEST(StreamPressure, IsEndedWhileItTellsThatTheClientHasLeft) {
    streaming served;
    served.ask_begun();
    served.client.limit_room(0);
    EXPECT_EQ(served.put(large), writing::pending);
    served.observer.when_abandoned = [&] { served.kept->end_response(); };
    served.client.reset();
    served.receive();
    EXPECT_EQ(served.observer.notes, notes{"abandoned 499"});
    EXPECT_EQ(served.host->exchange_count(), 0U);
}

TEST(StreamPressure, TellsInTheNextTurnThatAWriteFailed) {
    streaming served;
    loopback::fuse blows{3}; // watch, read, write of the head
    served.prepare = [&](http::exchange&) { served.begin(); };
    served.host.emplace(served.settings, served.handler);
    served.host->accept(served.client, blows);
    served.send(get("/a"));
    EXPECT_EQ(served.put(large), writing::failed);
    EXPECT_EQ(served.observer.notes, notes{});
    served.receive();
    EXPECT_EQ(served.observer.notes, notes{"abandoned 499"});
    served.kept->abort_response();
    EXPECT_EQ(served.host->exchange_count(), 0U);
}

TEST(StreamPressure, TakesAHalfCloseForLeaving) {
    streaming served;
    served.ask_begun();
    served.send_and_shut("");
    EXPECT_EQ(served.observer.notes, notes{"abandoned 499"});
    EXPECT_TRUE(served.client.is_closed());
    served.kept->end_response();
}

TEST(StreamPressure, JudgesAHalfCloseThatCameBeforeItBegan) {
    streaming served;
    served.open();
    served.send_and_shut(get("/a"));
    EXPECT_TRUE(served.begin());
    EXPECT_EQ(served.receive(), chunked_head);
    EXPECT_EQ(served.observer.notes, notes{"abandoned 499"});
    served.kept->end_response();
}

TEST(StreamPressure, StreamsToAHalfClosedClientWhereTheHandlerSaysSo) {
    streaming served;
    served.open();
    served.send_and_shut(get("/a"));
    served.begin();
    served.kept->set_half_close_leaves(false);
    served.put("one");
    EXPECT_EQ(served.receive(), chunked_head + chunk("one"));
    served.kept->end_response();
    EXPECT_EQ(served.receive(), last_chunk_text);
    EXPECT_TRUE(served.client.is_closed());
}

TEST(StreamPressure, OutlivesAClientWhereTheHandlerSaysSo) {
    streaming served;
    served.ask_begun();
    served.kept->set_outlives_client(true);
    served.client.limit_room(0);
    EXPECT_EQ(served.put(large), writing::pending);
    served.client.reset();
    served.receive();
    EXPECT_EQ(served.observer.notes, notes{"write failed 499"});
    served.pass(1000s); // the handler's deadline runs no more
    EXPECT_EQ(served.observer.notes, notes{"write failed 499"});
    EXPECT_EQ(served.put("more"), writing::failed);
    served.host->close();
    EXPECT_EQ(served.observer.notes, (notes{"write failed 499", "abandoned 503"}));
    served.kept->end_response();
    EXPECT_EQ(served.host->exchange_count(), 0U);
}

TEST(StreamPressure, AbandonsWhenTheServerStops) {
    streaming served;
    served.prepare = [&](http::exchange&) { served.begin(); };
    served.open();
    served.send("GET / HTTP/1.0\r\n\r\n");
    served.host->close();
    EXPECT_EQ(served.observer.notes, notes{"abandoned 503"});
    EXPECT_TRUE(served.client.is_reset_by_host()); // it was framed by the close
    served.kept->abort_response();
    EXPECT_EQ(served.host->exchange_count(), 0U);
}

TEST(StreamPressure, HasNoDeadlineBetweenTwoPieces) {
    streaming served;
    served.ask_begun();
    served.pass(1000s);
    served.put("one");
    EXPECT_EQ(served.receive(), chunk("one"));
    served.pass(1000s);
    served.kept->end_response();
    EXPECT_EQ(served.receive(), last_chunk_text);
    EXPECT_EQ(served.observer.notes, notes{});
}

TEST(StreamPressure, BeginsAtTheLastMoment) {
    streaming served;
    served.ask();
    served.host->workspace().now += 60s; // time is over, and no tick has come
    served.begin();
    EXPECT_EQ(served.pass(0ms), chunked_head);
    EXPECT_EQ(served.pass(1000s), "");
    EXPECT_EQ(served.observer.notes, notes{});
    served.kept->end_response();
}

TEST(StreamPressure, EndsWhereTheClientTakesNothing) {
    streaming served;
    served.ask_begun();
    served.client.limit_room(10);
    EXPECT_EQ(served.put(large), writing::pending);
    served.receive();
    served.pass(30s - 1ms);
    EXPECT_EQ(served.observer.notes, notes{});
    served.client.give_room(1);
    served.receive();
    served.pass(30s - 1ms);
    EXPECT_EQ(served.observer.notes, notes{});
    served.pass(1ms);
    EXPECT_EQ(served.observer.notes, (notes{"abandoned 408", "write failed 408"}));
    EXPECT_TRUE(served.client.is_closed());
    served.kept->end_response();
}

} // namespace
} // namespace mortise::http1
