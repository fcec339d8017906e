// SPDX-License-Identifier: BSL-1.0
// Handlers that keep their exchange and answer later, whatever has become of the client.
#include "unit/http1/served.hpp"

#include <gtest/gtest.h>

namespace mortise::http1 {
namespace {

using namespace test;

// A connection whose handler keeps every exchange.
struct keeping : served {
    std::vector<http::exchange*> kept;

    explicit keeping(bool opens = true) {
        handler.on_request = [this](http::exchange& exchange) { kept.push_back(&exchange); };
        if (opens) {
            open();
        }
    }
    std::string answer(std::string_view content) {
        kept.back()->respond({.content = content});
        return receive();
    }
};

TEST(ConnectionPending, SendsTheAnswerThatComesLater) {
    keeping served;
    EXPECT_EQ(served.send(get("/a")), "");
    EXPECT_EQ(served.host->exchange_count(), 1U);
    EXPECT_EQ(served.answer("late"), answer_to("late"));
    EXPECT_EQ(served.host->exchange_count(), 0U);
}

TEST(ConnectionPending, KeepsTheRequestForTheHandler) {
    keeping served;
    served.send("GET /path?query HTTP/1.1\r\nHost: name\r\nA: b\r\n\r\n");
    loopback::wire other; // whose request takes the same buffer
    served.host->accept(other);
    other.send(std::string(1000, 'x'));
    const auto& request = served.kept.front()->request();
    EXPECT_EQ(request.target, "/path?query");
    EXPECT_EQ(request.path, "/path");
    EXPECT_EQ(request.query, "query");
    EXPECT_EQ(request.authority, "name");
    ASSERT_EQ(request.fields.size(), 2U);
    EXPECT_EQ(request.fields[1].name, "A");
    EXPECT_EQ(request.fields[1].value, "b");
    served.answer("");
}

TEST(ConnectionPending, KeepsDecodedPathAndParameters) {
    served served;
    http::exchange* kept = nullptr;
    served.handler.on_request = [&](http::exchange& exchange) {
        kept = &exchange;
        exchange.add_parameter({"name", exchange.request().path.substr(1)});
    };
    served.open();
    served.send(get("/x/../b"));
    loopback::wire other;
    served.host->accept(other);
    other.send(std::string(1000, 'x'));
    EXPECT_EQ(kept->request().path, "/b");
    ASSERT_EQ(kept->parameters().size(), 1U);
    EXPECT_EQ(kept->parameters()[0].value, "b");
    kept->respond({});
}

TEST(ConnectionPending, HoldsBackTheRequestsBehindIt) {
    keeping served;
    EXPECT_EQ(served.send(get("/a") + get("/b")), "");
    EXPECT_EQ(served.kept.size(), 1U);
    EXPECT_EQ(served.answer("one"), answer_to("one"));
    EXPECT_EQ(served.kept.size(), 2U);
    EXPECT_EQ(served.answer("two"), answer_to("two"));
}

TEST(ConnectionPending, SendsWhatWasAnsweredBeforeIt) {
    keeping served;
    served.handler.on_request = [&](http::exchange& exchange) {
        if (exchange.request().path == "/a") {
            exchange.respond({.content = "at once"});
        } else {
            served.kept.push_back(&exchange);
        }
    };
    EXPECT_EQ(served.send(get("/a") + get("/b")), answer_to("at once"));
    EXPECT_EQ(served.answer("late"), answer_to("late"));
}

TEST(ConnectionPending, AnswersAClientThatHasShutItsSide) {
    keeping served;
    EXPECT_EQ(served.send_and_shut(get("/a")), "");
    EXPECT_FALSE(served.client.is_closed());
    EXPECT_EQ(served.answer("late"), answer_to("late"));
    EXPECT_TRUE(served.client.is_closed());
}

TEST(ConnectionPending, AnswersEachRequestOfAClientThatHasShutItsSide) {
    keeping served;
    EXPECT_EQ(served.send_and_shut(get("/a") + get("/b")), "");
    EXPECT_EQ(served.answer("one"), answer_to("one"));
    EXPECT_FALSE(served.client.is_closed());
    EXPECT_EQ(served.answer("two"), answer_to("two"));
    EXPECT_TRUE(served.client.is_closed());
}

TEST(ConnectionPending, SendsNothingToAClientThatLeft) {
    keeping served;
    served.send(get("/a"));
    served.client.reset();
    served.receive();
    EXPECT_EQ(served.host->connection_count(), 0U);
    EXPECT_EQ(served.host->exchange_count(), 1U);
    EXPECT_EQ(served.kept.front()->request().path, "/a");
    EXPECT_EQ(served.answer("late"), "");
    EXPECT_EQ(served.host->exchange_count(), 0U);
}

TEST(ConnectionPending, ReplacesALateResponseThatMayNotBeSent) {
    keeping served;
    served.send(get("/a"));
    EXPECT_FALSE(served.kept.back()->respond({.status = 7}));
    EXPECT_TRUE(served.receive().starts_with("HTTP/1.1 500 "));
    EXPECT_EQ(served.host->exchange_count(), 0U);
}

TEST(ConnectionPending, EndsTheConnectionWithALateLastAnswer) {
    keeping served;
    served.send(get("/a", "Connection: close\r\n"));
    EXPECT_EQ(served.answer("late"), answer_to("late", "Connection: close\r\n"));
    EXPECT_TRUE(served.client.is_closed());
}

TEST(ConnectionPending, AnswersOneClientWithinTheTurnOfAnother) {
    keeping served;
    loopback::wire other;
    served.host->accept(other);
    served.send(get("/a"));
    served.handler.on_request = [&](http::exchange& exchange) {
        served.kept.front()->respond({.content = "first"});
        exchange.respond({.content = "second"});
    };
    other.send(get("/b"));
    EXPECT_EQ(served.receive(), answer_to("first"));
    EXPECT_EQ(without_date(other.take_received()), answer_to("second"));
}

TEST(ConnectionDrain, ClosesIdleConnectionsAtOnce) {
    keeping served;
    served.host->drain();
    EXPECT_TRUE(served.client.is_closed());
    EXPECT_EQ(served.host->connection_count(), 0U);
}

TEST(ConnectionDrain, AnswersWhatHasArrived) {
    opened served;
    served.client.limit_room(0);
    served.send(get("/a"));
    served.host->drain();
    EXPECT_FALSE(served.client.is_closed());
    served.client.give_room(100'000);
    EXPECT_EQ(served.receive(), answer_to("/a"));
    EXPECT_TRUE(served.client.is_closed());
}

TEST(ConnectionDrain, LetsTheHandlerFinish) {
    keeping served;
    served.send(get("/a"));
    served.host->drain();
    EXPECT_FALSE(served.client.is_closed());
    EXPECT_EQ(served.answer("late"), answer_to("late", "Connection: close\r\n"));
    EXPECT_TRUE(served.client.is_closed());
}

TEST(ConnectionDrain, LetsARequestArriveWhole) {
    opened served;
    served.send("GET /a HTTP/1.1\r\n");
    served.host->drain();
    EXPECT_FALSE(served.client.is_closed());
    EXPECT_EQ(served.send("Host: a\r\n\r\n"), answer_to("/a", "Connection: close\r\n"));
    EXPECT_TRUE(served.client.is_closed());
}

TEST(ConnectionDrain, ClosesWhenTheContentOfAnAnsweredRequestIsReadPast) {
    opened served;
    EXPECT_EQ(served.send("POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n"),
              answer_to("/p"));
    served.host->drain();
    EXPECT_FALSE(served.client.is_closed());
    EXPECT_EQ(served.send("abc"), "");
    EXPECT_TRUE(served.client.is_closed());
}

} // namespace
} // namespace mortise::http1
