// SPDX-License-Identifier: BSL-1.0
// Each deadline of a connection, by a clock that the test moves.
#include "unit/http1/served.hpp"

#include <gtest/gtest.h>
#include <memory>

namespace mortise::http1 {
namespace {

using namespace test;
using namespace std::chrono_literals;

// Every deadline differs, so that none can be taken for another.
struct timed : served {
    http::exchange* kept = nullptr;
    std::unique_ptr<content_echo> echo;

    timed() {
        settings.deadlines = {.header = 10s,
                              .content = 20s,
                              .handler = 40s,
                              .write = 30s,
                              .keep_alive = 70s,
                              .linger = 2s};
    }
    void keep_exchanges() {
        handler.on_request = [this](http::exchange& exchange) { kept = &exchange; };
    }
    void read_content() {
        handler.on_request = [this](http::exchange& exchange) {
            echo = std::make_unique<content_echo>(exchange);
            echo->read();
        };
    }
    // Whether the connection closes, without a word, once `time` is over and not before.
    bool closes_silently_after(base::milliseconds time) {
        return pass(time - 1ms).empty() && !client.is_closed() && pass(1ms).empty() &&
               client.is_closed() && host->connection_count() == 0;
    }
};

const std::string late_header =
    refusal("408 Request Timeout", "The header section did not arrive in time");
const std::string post = "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n";

TEST(ConnectionTime, ClosesSilentlyWhereNothingArrived) {
    timed served;
    served.open();
    EXPECT_TRUE(served.closes_silently_after(10s));
}

TEST(ConnectionTime, RefusesAHeaderSectionThatIsLate) {
    timed served;
    served.open();
    served.send("GET / HTTP/1.1\r\n");
    EXPECT_EQ(served.pass(10s - 1ms), "");
    EXPECT_EQ(served.pass(1ms), late_header);
    EXPECT_TRUE(served.client.is_host_shut());
    EXPECT_TRUE(served.closes_silently_after(2s));
}

TEST(ConnectionTime, DoesNotGrantTimeForSingleBytes) {
    timed served;
    served.open();
    const auto request = get("/a");
    std::size_t at = 0;
    std::string received;
    while (received.empty() && at < 11) {
        served.send(request.substr(at++, 1));
        received = served.pass(1s);
    }
    EXPECT_EQ(at, 10U);
    EXPECT_EQ(received, late_header);
}

TEST(ConnectionTime, CountsEachHeaderSectionFromItsFirstByte) {
    timed served;
    served.open();
    served.send(get("/a"));
    EXPECT_EQ(served.pass(60s), "");
    served.send("GET ");
    EXPECT_EQ(served.pass(10s - 1ms), "");
    EXPECT_EQ(served.send(get("/b").substr(4)), answer_to("/b"));
    served.send("GET ");
    EXPECT_EQ(served.pass(10s), late_header);
}

TEST(ConnectionTime, ClosesSilentlyBetweenTwoRequests) {
    timed served;
    served.open();
    served.send(get("/a"));
    EXPECT_TRUE(served.closes_silently_after(70s));
}

TEST(ConnectionTime, CountsKeepAliveFromTheLastAnswer) {
    timed served;
    served.open();
    for (int count = 0; count < 3; ++count) {
        EXPECT_EQ(served.send(get("/a")), answer_to("/a"));
        EXPECT_EQ(served.pass(70s - 1ms), "");
    }
    EXPECT_FALSE(served.client.is_closed());
    served.pass(1ms);
    EXPECT_TRUE(served.client.is_closed());
}

TEST(ConnectionTime, FailsContentThatIsLate) {
    timed served;
    served.read_content();
    served.open();
    served.send(post + "a");
    EXPECT_EQ(served.pass(20s - 1ms), "");
    served.send("b");
    EXPECT_EQ(served.pass(20s - 1ms), "");
    EXPECT_TRUE(served.pass(1ms).starts_with("HTTP/1.1 408 "));
    EXPECT_EQ(served.echo->failure(), 408U);
    EXPECT_EQ(served.host->exchange_count(), 0U);
    EXPECT_TRUE(served.client.is_host_shut());
    EXPECT_TRUE(served.closes_silently_after(2s));
}

TEST(ConnectionTime, ClosesWhenContentThatNobodyWantsIsLate) {
    timed served;
    served.open();
    EXPECT_EQ(served.send(post), answer_to("/p"));
    EXPECT_TRUE(served.closes_silently_after(20s));
    EXPECT_EQ(served.host->exchange_count(), 0U);
}

TEST(ConnectionTime, AnswersForAHandlerThatIsLate) {
    timed served;
    served.keep_exchanges();
    served.open();
    served.send(get("/a"));
    EXPECT_EQ(served.pass(40s - 1ms), "");
    EXPECT_EQ(served.pass(1ms),
              refusal("504 Gateway Timeout", "The handler did not answer in time"));
    EXPECT_EQ(served.host->exchange_count(), 1U);
    served.kept->respond({.content = "too late"});
    EXPECT_EQ(served.receive(), "");
    EXPECT_EQ(served.host->exchange_count(), 0U);
    EXPECT_TRUE(served.closes_silently_after(2s));
}

TEST(ConnectionTime, CountsAHandlersTimeFromTheHead) {
    timed served;
    served.keep_exchanges();
    served.open();
    served.send(get("/a"));
    EXPECT_EQ(served.pass(39s), "");
    EXPECT_EQ(served.send(get("/b")), ""); // a sign of life from the client alone
    EXPECT_TRUE(served.pass(1s).starts_with("HTTP/1.1 504 "));
    served.kept->respond({});
}

TEST(ConnectionTime, LetsAHandlerAnswerAtTheLastMoment) {
    timed served;
    served.keep_exchanges();
    served.open();
    served.send(get("/a"));
    served.host->workspace().now += 40s; // time is over, and no tick has come
    served.kept->respond({.content = "just so"});
    EXPECT_EQ(served.pass(0ms), answer_to("just so"));
    EXPECT_FALSE(served.client.is_closed());
}

TEST(ConnectionTime, AnswersForAHandlerThatIsLateAfterItsContentFailed) {
    timed served;
    served.handler.on_request = [&](http::exchange& exchange) {
        struct silent final : http::content_read {
            void complete(std::size_t) override {}
            void fail(const http::problem&) override {}
        };
        static silent read;
        static char room[1];
        exchange.read_content(room, read);
        served.kept = &exchange;
    };
    served.open();
    served.send(post);
    EXPECT_EQ(served.pass(20s), "");
    EXPECT_TRUE(served.pass(20s).starts_with("HTTP/1.1 504 "));
    served.kept->respond({});
    EXPECT_EQ(served.host->exchange_count(), 0U);
}

TEST(ConnectionTime, WaitsForAHandlerAgainThatStopsReading) {
    timed served;
    served.handler.on_request = [&](http::exchange& exchange) {
        served.kept = &exchange;
        served.echo = std::make_unique<content_echo>(exchange);
        served.echo->read();
    };
    served.open();
    served.send(post);
    EXPECT_EQ(served.pass(5s), "");
    served.kept->stop_reading();
    EXPECT_EQ(served.receive(), "");
    EXPECT_EQ(served.pass(34s), "");
    EXPECT_TRUE(served.pass(1s).starts_with("HTTP/1.1 504 "));
    EXPECT_EQ(served.echo->failure(), 0U);
    served.kept->respond({});
    EXPECT_EQ(served.host->exchange_count(), 0U);
}

TEST(ConnectionTime, ClosesWhenTheClientTakesNothing) {
    timed served;
    served.open();
    served.client.limit_room(10);
    served.client.send(get("/a"));
    served.client.take_received();
    EXPECT_TRUE(served.closes_silently_after(30s));
}

TEST(ConnectionTime, ClosesWhenTheClientTakesNothingOfAnAnswerThatCameLater) {
    timed served;
    http::exchange* kept = nullptr;
    served.handler.on_request = [&](http::exchange& exchange) { kept = &exchange; };
    served.open();
    served.client.limit_room(10);
    served.client.send(get("/a"));
    kept->respond({.content = "late"});
    EXPECT_EQ(served.receive().size(), 10U);
    EXPECT_TRUE(served.closes_silently_after(30s));
    EXPECT_EQ(served.host->exchange_count(), 0U);
}

TEST(ConnectionTime, LetsAnExchangeHaveATimeOfItsOwn) {
    timed served;
    served.handler.on_request = [&](http::exchange& exchange) {
        served.kept = &exchange;
        if (exchange.request().path == "/hurried") {
            exchange.limit_time(3s);
        }
    };
    served.open();
    served.send(get("/hurried"));
    served.kept->respond({.content = "in time"});
    EXPECT_NE(served.receive(), "");
    served.send(get("/as-all-others"));
    EXPECT_EQ(served.pass(40s - 1ms), "");
    served.kept->respond({.content = "in time"});
    EXPECT_NE(served.receive(), "");
    served.send(get("/hurried"));
    EXPECT_EQ(served.pass(3s - 1ms), "");
    EXPECT_EQ(served.pass(1ms),
              refusal("504 Gateway Timeout", "The handler did not answer in time"));
    served.kept->respond({.content = "too late"});
}

TEST(ConnectionTime, GrantsTimeForEachByteThatIsTaken) {
    timed served;
    served.open();
    served.client.limit_room(10);
    served.client.send(get("/a"));
    for (int steps = 0; steps < 3; ++steps) {
        served.pass(30s - 1ms);
        served.client.give_room(1);
        EXPECT_EQ(served.receive().size(), 1U);
    }
    EXPECT_TRUE(served.closes_silently_after(30s));
}

TEST(ConnectionTime, DoesNotGrantTimeToAClientThatOnlySends) {
    timed served;
    served.open();
    served.client.limit_room(10);
    served.client.send(get("/a"));
    served.client.take_received();
    for (int steps = 0; steps < 3; ++steps) {
        EXPECT_EQ(served.pass(10s - 1ms), "");
        EXPECT_EQ(served.send("GET"), "");
    }
    EXPECT_EQ(served.pass(3ms), "");
    EXPECT_TRUE(served.client.is_closed());
}

TEST(ConnectionTime, ClosesAfterLingering) {
    timed served;
    served.open();
    EXPECT_FALSE(served.send("BAD\r\n").empty());
    served.pass(1s);
    served.send("more"); // no sign of life extends it
    EXPECT_TRUE(served.closes_silently_after(1s));
}

} // namespace
} // namespace mortise::http1
