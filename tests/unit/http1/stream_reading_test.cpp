// SPDX-License-Identifier: BSL-1.0
// A request's content, read while its response is streamed.
#include "unit/http1/streaming.hpp"

#include <gtest/gtest.h>

namespace mortise::http1 {
namespace {

using namespace test;
using namespace std::chrono_literals;

// A handler that sends each piece of the content back, with one buffer.
struct echoing final : http::content_read, http::content_write {
    http::exchange* exchange = nullptr;
    std::array<char, 32> room{};
    unsigned failure = 0;

    void read() {
        for (;;) {
            const auto progress = exchange->read_content(room, *this);
            if (progress.now != http::read_progress::state::done || !pass_on(progress.size)) {
                return;
            }
        }
    }
    bool pass_on(std::size_t size) {
        if (size == 0) {
            exchange->end_response();
            return false;
        }
        return exchange->write_content({room.data(), size}, *this).now == writing::done;
    }
    void complete(std::size_t size) override {
        if (pass_on(size)) {
            read();
        }
    }
    void complete() override { read(); }
    void fail(const http::problem& why) override {
        failure = why.status;
        exchange->abort_response();
    }
};

struct echo_streaming : served {
    echoing echo;
    echo_streaming() {
        handler.on_request = [this](http::exchange& exchange) {
            exchange.begin_response({}, std::nullopt);
            exchange.set_half_close_leaves(false);
            echo.exchange = &exchange;
            echo.read();
        };
        open();
    }
};

const std::string chunked_post = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

TEST(StreamReading, ReadsContentWhileItWrites) {
    echo_streaming served;
    EXPECT_EQ(served.send(chunked_post), chunked_head);
    EXPECT_EQ(served.send(chunk("one")), chunk("one"));
    EXPECT_EQ(served.send(chunk("two") + chunk("three")), chunk("two") + chunk("three"));
    EXPECT_EQ(served.send_and_shut(last_chunk_text), last_chunk_text);
    EXPECT_TRUE(served.client.is_closed());
}

TEST(StreamReading, EchoesToAClientThatReadsSlowly) {
    echo_streaming served;
    served.client.limit_room(0);
    std::string sent;
    for (int count = 0; count < 50; ++count) {
        sent += chunk("piece");
    }
    served.client.send(chunked_post + sent);
    for (int count = 0; count < 1000; ++count) {
        served.host->settle();
        served.client.give_room(7);
    }
    EXPECT_EQ(served.receive(), chunked_head + sent);
    served.client.give_room(100);
    EXPECT_EQ(served.send(last_chunk_text), last_chunk_text);
}

TEST(StreamReading, ReadsContentWhileTheClientTakesNothing) {
    streaming served;
    served.prepare = [&](http::exchange&) { served.begin(); };
    served.open();
    served.send(chunked_post);
    served.client.limit_room(0);
    EXPECT_EQ(served.put(large), writing::pending);
    char room[8];
    EXPECT_EQ(served.kept->read_content(room, served.observer).now,
              http::read_progress::state::pending);
    served.send(chunk("abc"));
    EXPECT_EQ(served.observer.notes, notes{"read 3"});
    served.client.limit_room(0);
    served.client.give_room(1'000'000);
    served.receive();
    EXPECT_EQ(served.observer.notes, (notes{"read 3", "written"}));
    served.kept->end_response();
}

TEST(StreamReading, FailsContentThatIsLateAndStreamsOn) {
    streaming served;
    char room[8];
    served.prepare = [&](http::exchange& exchange) {
        served.begin();
        exchange.read_content(room, served.observer);
    };
    served.open();
    served.send(chunked_post);
    EXPECT_EQ(served.pass(30s), "");
    EXPECT_EQ(served.observer.notes, notes{"read failed 408"});
    served.put("one");
    EXPECT_EQ(served.receive(), chunk("one"));
    served.kept->end_response();
    EXPECT_EQ(served.receive(), last_chunk_text);
    EXPECT_TRUE(served.client.is_host_shut());
}

TEST(StreamReading, AsksForNoContentBehindItsHead) {
    streaming served;
    char room[8];
    served.prepare = [&](http::exchange& exchange) {
        served.begin();
        exchange.read_content(room, served.observer);
    };
    served.open();
    EXPECT_EQ(
        served.send(
            "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"),
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
    served.send("abc");
    EXPECT_EQ(served.observer.notes, notes{"read 3"});
    served.kept->end_response();
    EXPECT_EQ(served.receive(), last_chunk_text);
}

TEST(StreamReading, ReadsPastContentThatIsLeft) {
    streaming served;
    served.prepare = [&](http::exchange&) { served.begin(); };
    served.open();
    served.send(chunked_post + chunk("unread"));
    served.kept->end_response();
    EXPECT_EQ(served.receive(), last_chunk_text);
    EXPECT_EQ(served.send(last_chunk_text + get("/b")), chunked_head);
    served.kept->end_response();
}

TEST(StreamReading, EndsTheConnectionWhereMuchContentIsLeft) {
    streaming served;
    served.prepare = [&](http::exchange&) { served.begin(); };
    served.open();
    EXPECT_EQ(served.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n"),
              chunked_head);
    served.kept->end_response();
    EXPECT_EQ(served.receive(), last_chunk_text);
    EXPECT_TRUE(served.client.is_host_shut());
    EXPECT_FALSE(served.client.is_closed()); // it lingers
}

} // namespace
} // namespace mortise::http1
