// SPDX-License-Identifier: BSL-1.0
// Content that is read and written piece by piece, and server-sent events.
#include "unit/sdk/coroutine_plugin.hpp"

#include <array>
#include <gtest/gtest.h>
#include <stdexcept>
#include <string>

namespace mortise::test {
namespace {

class Stream : public ::testing::Test {
protected:
    coroutine_host served;
    ~Stream() override { EXPECT_EQ(counted::alive(), 0); }

    testing::pending post(std::function<task<response>(exchange&)> handler) {
        coroutine_plugin::whole = std::move(handler);
        return served.plugin.begin(testing::post("/whole").with_content_to_come());
    }
};
using ContentReading = Stream;
using EventStream = Stream;

TEST_F(ContentReading, GetsPiecesAsTheyArrive) {
    auto pending = post([](exchange& exchange) -> task<response> {
        std::array<char, 4> room{};
        response answer = text();
        while (const std::size_t size = co_await exchange.read_some(room)) {
            answer.append(std::string_view{room.data(), size}, '|');
        }
        co_return answer;
    });
    pending.push_content("abcdef");
    served.host.run();
    pending.push_content("gh");
    served.host.run();
    EXPECT_FALSE(pending.is_answered());
    pending.end_content();
    EXPECT_EQ(pending.finish().content(), "abcd|ef|gh|");
}

TEST_F(ContentReading, GetsAllOfItAtOnce) {
    auto pending = post(
        [](exchange& exchange) -> task<response> { co_return text(co_await exchange.read_all()); });
    pending.push_content("one ");
    pending.push_content("two");
    pending.end_content();
    EXPECT_EQ(pending.finish().content(), "one two");
}

TEST_F(ContentReading, AnswersWithTheStatusOfContentThatFails) {
    for (const unsigned status : {400U, 408U, 413U}) {
        auto pending = post([](exchange& exchange) -> task<response> {
            co_return text(co_await exchange.read_all());
        });
        pending.fail_content(status);
        EXPECT_EQ(pending.finish().status(), status);
    }
}

TEST_F(ContentReading, SeesThatTheClientHasLeft) {
    bool was_cancelled = false;
    auto pending = post([&](exchange& exchange) -> task<response> {
        const counted here;
        try {
            co_await exchange.read_all();
        } catch (const cancelled&) {
            was_cancelled = true;
            throw;
        }
        co_return text("x");
    });
    pending.disconnect();
    served.host.run();
    EXPECT_TRUE(was_cancelled);
}

TEST_F(Stream, SendsWhatIsWritten) {
    auto pending = served.stream([](exchange& exchange) -> task<> {
        stream out{exchange, text().with_status(203)};
        co_await out.write("one ");
        co_await sleep_for(1s);
        co_await out.write("two");
    });
    served.host.run();
    EXPECT_EQ(pending.status(), 203U);
    EXPECT_EQ(pending.content(), "one ");
    EXPECT_FALSE(pending.is_ended());
    served.host.advance(1s);
    EXPECT_EQ(pending.content(), "one two");
    EXPECT_TRUE(pending.is_ended());
}

TEST_F(Stream, WaitsForAClientThatReadsSlowly) {
    int written = 0;
    coroutine_plugin::streamed = [&](exchange& exchange) -> task<> {
        stream out{exchange, response{}};
        for (; written != 10; ++written) {
            co_await out.write("0123456789");
        }
    };
    auto pending = served.plugin.begin(testing::get("/stream").reads_slowly(10));
    served.host.run();
    EXPECT_LT(written, 10);
    pending.take(1000);
    served.host.run();
    EXPECT_EQ(written, 10);
    EXPECT_TRUE(pending.is_ended());
}

TEST_F(Stream, BreaksOffWhereItsHandlerThrows) {
    auto pending = served.stream([](exchange& exchange) -> task<> {
        stream out{exchange, response{}};
        co_await out.write("one");
        throw std::runtime_error{"half-way"};
    });
    served.host.run();
    EXPECT_TRUE(pending.was_broken_off());
    ASSERT_EQ(served.host.log().size(), 1U);
    EXPECT_EQ(served.host.log()[0].text, "a handler threw in its stream: half-way");
}

TEST_F(Stream, EndsWithItsClient) {
    auto pending = served.stream([](exchange& exchange) -> task<> {
        const counted here;
        stream out{exchange, response{}};
        for (;;) {
            co_await out.write("x");
            co_await sleep_for(1s);
        }
    });
    served.host.advance(10s);
    EXPECT_EQ(pending.content().size(), 11U);
    pending.disconnect();
    served.host.run();
    EXPECT_TRUE(pending.is_over());
    EXPECT_TRUE(served.host.log().empty());
}

TEST_F(Stream, IsAnsweredWith500WhereItNeverBegan) {
    auto pending = served.stream([](exchange&) -> task<> { co_return; });
    EXPECT_EQ(pending.finish().status(), 500U);
    EXPECT_EQ(served.host.log()[0].text, "a handler ended without a response");
}

TEST_F(Stream, IsAnsweredWith500WhereItsHeadIsRefused) {
    auto pending = served.stream([](exchange& exchange) -> task<> {
        stream out{exchange, response{}.with_field("X", "a\r\nb")};
        co_await out.write("never");
    });
    EXPECT_EQ(pending.finish().status(), 500U);
    EXPECT_FALSE(served.host.faults().empty());
}

TEST_F(Stream, BreaksOffWhereAResponseFollowsIt) {
    auto pending = served.begin([](exchange& exchange) -> task<response> {
        stream out{exchange, response{}};
        co_await out.write("x");
        co_return text("y");
    });
    served.host.run();
    EXPECT_TRUE(pending.was_broken_off());
    EXPECT_EQ(served.host.log()[0].text, "a handler returned a response behind a stream");
}

TEST_F(EventStream, WritesEventsAsBrowsersReadThem) {
    auto pending = served.stream([](exchange& exchange) -> task<> {
        event_stream events{exchange};
        event first{"two\r\nlines"};
        first.with_id("7").with_type("tick").with_retry(3s);
        co_await events.send(first);
        co_await events.send("plain");
        co_await events.heartbeat();
    });
    const auto answer = pending.finish();
    EXPECT_EQ(answer.field("Content-Type"), "text/event-stream");
    EXPECT_EQ(answer.field("Cache-Control"), "no-store");
    EXPECT_EQ(answer.content(), "data: two\ndata: lines\nid: 7\nevent: tick\nretry: 3000\n\n"
                                "data: plain\n\n:\n\n");
}

TEST_F(EventStream, RefusesAnIdThatWouldBeMore) {
    for (const std::string_view bad : {std::string_view{"a\nb"}, std::string_view{"a\0b", 3}}) {
        EXPECT_THROW(event{"x"}.with_id(bad), std::invalid_argument);
        EXPECT_THROW(event{"x"}.with_type(bad), std::invalid_argument);
    }
}

TEST_F(EventStream, KnowsWhereItsClientLeftOff) {
    coroutine_plugin::streamed = [](exchange& exchange) -> task<> {
        event_stream events{exchange};
        co_await events.send(events.last_event_id().value_or("none"));
    };
    auto pending = served.plugin.begin(testing::get("/stream").with_field("Last-Event-ID", "41"));
    EXPECT_EQ(pending.finish().content(), "data: 41\n\n");
}

} // namespace
} // namespace mortise::test
