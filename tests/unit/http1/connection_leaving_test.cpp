// SPDX-License-Identifier: BSL-1.0
// What a handler is told when the connection gives up on its exchange.
#include "unit/http1/observing.hpp"

#include <gtest/gtest.h>

namespace mortise::http1 {
namespace {

using namespace test;
using namespace std::chrono_literals;

TEST(ConnectionLeaving, TellsOnceThatTheClientHasLeft) {
    observed served;
    served.ask();
    served.client.reset();
    served.receive();
    EXPECT_EQ(served.observer.notes, notes{"abandoned 499"});
    EXPECT_TRUE(served.kept->is_answered());
    EXPECT_EQ(served.answer("late"), "");
    EXPECT_EQ(served.observer.notes.size(), 1U);
    EXPECT_EQ(served.host->exchange_count(), 0U);
}

TEST(ConnectionLeaving, TellsThatTheDeadlineHasPassed) {
    observed served;
    served.ask();
    EXPECT_TRUE(served.pass(60s).starts_with("HTTP/1.1 504 "));
    EXPECT_EQ(served.observer.notes, notes{"abandoned 504"});
    served.client.reset();
    served.receive();
    EXPECT_EQ(served.answer("late"), "");
    EXPECT_EQ(served.observer.notes.size(), 1U);
}

TEST(ConnectionLeaving, TellsThatTheServerStops) {
    observed served;
    served.ask();
    served.host->close();
    EXPECT_EQ(served.observer.notes, notes{"abandoned 503"});
    served.answer("late");
    EXPECT_EQ(served.host->exchange_count(), 0U);
}

TEST(ConnectionLeaving, TellsNothingOfAnExchangeThatIsAnswered) {
    observed served;
    served.ask();
    EXPECT_EQ(served.answer("in time"), answer_to("in time"));
    served.client.reset();
    served.receive();
    served.host->close();
    EXPECT_EQ(served.observer.notes, notes{});
}

TEST(ConnectionLeaving, TellsNothingOfAnAnswerThatTheClientDoesNotTake) {
    observed served;
    served.ask();
    served.client.limit_room(0);
    served.answer("unread");
    served.client.reset();
    served.receive();
    EXPECT_EQ(served.observer.notes, notes{});
    EXPECT_EQ(served.host->exchange_count(), 0U);
}

TEST(ConnectionLeaving, TellsNobodyWhereNobodyObservesAnyMore) {
    observed served;
    served.ask();
    served.kept->observe(nullptr);
    served.client.reset();
    served.receive();
    EXPECT_EQ(served.observer.notes, notes{});
    served.answer("late");
}

TEST(ConnectionLeaving, TellsNobodyOfTheExchangeThatTakesTheSamePlace) {
    observed served;
    served.ask();
    served.answer("one");
    served.handler.on_request = [&](http::exchange& exchange) { served.kept = &exchange; };
    served.send(get("/b"));
    served.client.reset();
    served.receive();
    EXPECT_EQ(served.observer.notes, notes{});
    served.answer("late");
}

TEST(ConnectionLeaving, FailsThePendingReadAfterItHasTold) {
    observed served;
    char room[8];
    served.prepare = [&](http::exchange& exchange) {
        exchange.read_content(room, served.observer);
    };
    served.open();
    served.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n");
    served.client.reset();
    served.receive();
    EXPECT_EQ(served.observer.notes, (notes{"abandoned 499", "read failed 499"}));
    served.answer("late");
    EXPECT_EQ(served.host->exchange_count(), 0U);
}

TEST(ConnectionLeaving, TakesTheAnswerWhileItTells) {
    observed served;
    char room[8];
    served.prepare = [&](http::exchange& exchange) {
        exchange.read_content(room, served.observer);
    };
    served.observer.when_abandoned = [&] { served.kept->respond({}); };
    served.open();
    served.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n");
    served.client.reset();
    served.receive();
    EXPECT_EQ(served.observer.notes, notes{"abandoned 499"}); // the answer has ended the read
    EXPECT_EQ(served.host->exchange_count(), 0U);
}

// The write fails within the handler's call; it is told when that is over.
TEST(ConnectionLeaving, TellsFromNoCallOfTheHandler) {
    observed served;
    char room[8];
    loopback::fuse blows{2}; // watch, the head's read, 100 (Continue)
    served.prepare = [&](http::exchange& exchange) {
        exchange.read_content(room, served.observer);
        EXPECT_EQ(served.observer.notes, notes{});
    };
    served.host.emplace(served.settings, served.handler);
    served.host->accept(served.client, blows);
    served.send("POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
    EXPECT_TRUE(blows.has_blown());
    EXPECT_EQ(served.observer.notes, (notes{"abandoned 499", "read failed 499"}));
    served.answer("late");
}

TEST(ConnectionLeaving, LetsAClientShutItsSideAndWait) {
    observed served;
    served.open();
    served.send_and_shut(get("/a"));
    EXPECT_EQ(served.observer.notes, notes{});
    EXPECT_EQ(served.answer("late"), answer_to("late"));
}

TEST(ConnectionLeaving, TakesAHalfCloseForLeavingWhereTheHandlerSaysSo) {
    observed served;
    served.prepare = [](http::exchange& exchange) { exchange.set_half_close_leaves(true); };
    served.ask();
    EXPECT_EQ(served.observer.notes, notes{});
    served.send_and_shut("");
    EXPECT_EQ(served.observer.notes, notes{"abandoned 499"});
    EXPECT_TRUE(served.client.is_closed());
    EXPECT_EQ(served.answer("late"), "");
}

TEST(ConnectionLeaving, JudgesAHalfCloseThatCameWithTheRequest) {
    observed served;
    served.prepare = [](http::exchange& exchange) { exchange.set_half_close_leaves(true); };
    served.open();
    EXPECT_EQ(served.send_and_shut(get("/a") + get("/b")), "");
    EXPECT_EQ(served.observer.notes, notes{"abandoned 499"});
    served.answer("late");
}

TEST(ConnectionLeaving, JudgesAHalfCloseThatCameBeforeTheHandlerSaidSo) {
    observed served;
    served.open();
    served.send_and_shut(get("/a"));
    served.kept->set_half_close_leaves(true);
    EXPECT_EQ(served.observer.notes, notes{}); // not from within that call
    served.receive();
    EXPECT_EQ(served.observer.notes, notes{"abandoned 499"});
    served.answer("late");
}

TEST(ConnectionLeaving, AnswersAHalfClosedClientWithinTheTurn) {
    opened served;
    served.handler.on_request = [](http::exchange& exchange) {
        exchange.set_half_close_leaves(true);
        exchange.respond({.content = "at once"});
    };
    EXPECT_EQ(served.send_and_shut(get("/a")), answer_to("at once"));
    EXPECT_TRUE(served.client.is_closed());
}

TEST(ConnectionLeaving, JudgesEachExchangeAnew) {
    observed served;
    served.prepare = [](http::exchange& exchange) { exchange.set_half_close_leaves(true); };
    served.ask();
    served.answer("one");
    served.prepare = [](http::exchange&) {};
    served.send_and_shut(get("/b"));
    EXPECT_EQ(served.observer.notes, notes{});
    EXPECT_EQ(served.answer("two"), answer_to("two"));
}

// A connection whose handler outlives its clients.
struct outliving : observed {
    outliving() {
        prepare = [](http::exchange& exchange) { exchange.set_outlives_client(true); };
    }
};

TEST(ConnectionOutlived, TellsNothingOfAClientThatHasLeft) {
    outliving served;
    served.ask();
    served.client.reset();
    served.receive();
    EXPECT_EQ(served.host->connection_count(), 0U);
    EXPECT_FALSE(served.kept->is_answered());
    EXPECT_EQ(served.kept->request().path, "/a");
    EXPECT_EQ(served.answer("late"), "");
    EXPECT_EQ(served.observer.notes, notes{});
    EXPECT_EQ(served.host->exchange_count(), 0U);
    EXPECT_EQ(served.host->workspace().running_on, 0U);
}

TEST(ConnectionOutlived, FailsThePendingRead) {
    outliving served;
    char room[8];
    served.prepare = [&, inner = served.prepare](http::exchange& exchange) {
        inner(exchange);
        exchange.read_content(room, served.observer);
    };
    served.open();
    served.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n");
    served.client.reset();
    served.receive();
    EXPECT_EQ(served.observer.notes, notes{"read failed 499"});
    EXPECT_EQ(served.kept->read_content(room, served.observer).why.status, 499U);
    served.answer("late");
}

TEST(ConnectionOutlived, TellsOfTheDeadlineAllTheSame) {
    outliving served;
    served.ask();
    served.pass(20s);
    served.client.reset();
    served.receive();
    served.pass(40s - 1ms);
    EXPECT_EQ(served.observer.notes, notes{});
    served.pass(1ms);
    EXPECT_EQ(served.observer.notes, notes{"abandoned 504"});
    EXPECT_EQ(served.host->workspace().running_on, 0U);
    served.host->close();
    served.answer("late");
    EXPECT_EQ(served.observer.notes, notes{"abandoned 504"});
    EXPECT_EQ(served.host->exchange_count(), 0U);
}

TEST(ConnectionOutlived, TellsOfTheDeadlineToAClientThatWaits) {
    outliving served;
    served.ask();
    EXPECT_TRUE(served.pass(60s).starts_with("HTTP/1.1 504 "));
    EXPECT_EQ(served.observer.notes, notes{"abandoned 504"});
    served.answer("late");
}

TEST(ConnectionOutlived, TellsThatTheServerStops) {
    outliving served;
    served.ask();
    served.client.reset();
    served.receive();
    served.host->close();
    EXPECT_EQ(served.observer.notes, notes{"abandoned 503"});
    EXPECT_EQ(served.host->workspace().running_on, 0U);
    served.answer("late");
    EXPECT_EQ(served.host->exchange_count(), 0U);
}

TEST(ConnectionOutlived, HasNoDeadlineOnceItIsAnswered) {
    outliving served;
    served.ask();
    served.client.reset();
    served.receive();
    served.answer("late");
    served.pass(60s);
    EXPECT_EQ(served.observer.notes, notes{});
}

} // namespace
} // namespace mortise::http1
